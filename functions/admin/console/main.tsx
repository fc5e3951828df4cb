import { render } from 'preact'
import { access, signOut } from './access.ts'
import { collection, isStranger, keepFresh, refreshFault } from './collection.ts'
import { CollectionTable } from './collection-table.tsx'
import { SignIn } from './sign-in.tsx'
import './console.css'

function leave(): void {
  signOut()
  collection.value = undefined
  isStranger.value = true
}

function Page() {
  if (isStranger.value) return <SignIn />
  return (
    <main>
      <header>
        <h1>Collection</h1>
        {access.value && (
          <button type="button" onClick={leave}>
            Sign out
          </button>
        )}
      </header>
      <p role="status">{refreshFault.value}</p>
      <CollectionTable />
    </main>
  )
}

const place = document.getElementById('page')
if (place) render(<Page />, place)
void keepFresh()
