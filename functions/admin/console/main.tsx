import { render } from 'preact'
import { keepTime } from './api/clock.ts'
import { isStranger, keepFresh } from './api/collection.ts'
import { followAddress, route } from './api/router.ts'
import { Shell } from './components/shell.tsx'
import { AddSource } from './views/add-source.tsx'
import { CollectionView } from './views/collection-view.tsx'
import { EditSource } from './views/edit-source.tsx'
import { HealthEvents } from './views/health-events.tsx'
import { Overview } from './views/overview.tsx'
import { SignIn } from './views/sign-in.tsx'
import { SourceView } from './views/source-view.tsx'
import './styles/tokens.css'
import './styles/base.css'
import './styles/layout.css'
import './styles/health.css'
import './styles/tables.css'
import './styles/charts.css'
import './styles/forms.css'
import './styles/narrow.css'

function View() {
  const at = route.value
  if (at.view === 'collection') return <CollectionView health={at.health} />
  if (at.view === 'source') return <SourceView id={at.id} />
  if (at.view === 'events') return <HealthEvents source={at.source} />
  if (at.view === 'add') return <AddSource />
  if (at.view === 'edit') return <EditSource key={at.id} id={at.id} />
  return <Overview />
}

function Page() {
  if (isStranger.value) return <SignIn />
  return (
    <Shell>
      <View />
    </Shell>
  )
}

const place = document.getElementById('page')
if (place) render(<Page />, place)
keepTime()
followAddress()
void keepFresh()
