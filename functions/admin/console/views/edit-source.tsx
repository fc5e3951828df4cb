import { useEffect, useState } from 'preact/hooks'
import { call } from '../api/call.ts'
import { collection, refresh } from '../api/collection.ts'
import { testConnection, updateSource } from '../api/form-calls.ts'
import { tell } from '../api/notices.ts'
import { describeFailure, type Place, toPath } from '../api/source-calls.ts'
import { Heading } from '../components/shell.tsx'
import { SourceForm } from '../components/source-form.tsx'
import { type Config, type Draft, toConfig, toDraft } from '../model/draft.ts'
import { listRows } from '../model/rows.ts'

interface Read {
  readonly config?: Config
  readonly etag?: string
  readonly fault?: string
}

function useConfig(place: Place): Read {
  const [read, setRead] = useState<Read>({})
  useEffect(() => {
    call<{ readonly source: { readonly config: Config } }>(toPath(place)).then(
      ({ body, etag }) => body && etag !== undefined && setRead({ config: body.source.config, etag }),
      error => setRead({ fault: describeFailure(error) }),
    )
  }, [])
  return read
}

function Loaded({ place }: { readonly place: Place }) {
  const { config, etag, fault } = useConfig(place)
  const { source, collector } = place

  async function save(draft: Draft): Promise<void> {
    await updateSource(toPath(place), source.id, toConfig(draft, config), etag ?? '')
    tell('done', `${draft.name.trim()} was changed, and begins anew where it was.`)
    await refresh()
    location.hash = `#/sources/${source.id}`
  }

  return (
    <>
      <p class="crumbs">
        <a href="#/collection">Collection</a> / <a href={`#/sources/${source.id}`}>{source.name}</a>
      </p>
      <Heading title={`Edit ${source.name}`} />
      {fault !== undefined && <p class="fault">{fault}</p>}
      {config && (
        <SourceForm
          initial={toDraft(config)}
          action="Save"
          isNew={false}
          save={save}
          test={draft => testConnection(collector.id, toConfig(draft, config), source.id)}
        />
      )}
    </>
  )
}

/** Changes the settings of a source. */
export function EditSource({ id }: { readonly id: number }) {
  const shown = collection.value
  const place = shown && listRows(shown).find(({ source }) => source.id === id)
  if (place) return <Loaded place={place} />
  return (
    <>
      <Heading title="Edit source" />
      <p class="card empty">{shown ? 'There is no such source.' : 'Reading …'}</p>
    </>
  )
}
