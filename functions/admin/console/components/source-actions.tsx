import { useState } from 'preact/hooks'
import { type Place, remove, restart, rotateToken } from '../api/source-calls.ts'
import { sourceHealth } from '../model/health.ts'
import { Dialog } from './dialog.tsx'
import { Status } from './status.tsx'

interface Given {
  readonly place: Place
  readonly close: () => void
}

const Restart = ({ place, close }: Given) => (
  <Dialog title={`Restart ${place.source.name}?`} action="Restart" run={() => restart(place)} close={close}>
    <p>
      Its errors are forgotten, and it begins anew from Pending. Cursors stay: no event is skipped or
      repeated.
    </p>
  </Dialog>
)

function Rotate({ place, close }: Given) {
  const [token, setToken] = useState('')
  return (
    <Dialog
      title="Rotate the API token"
      action="Replace token"
      isReady={token.trim() !== ''}
      run={() => rotateToken(place, token.trim())}
      close={close}
    >
      <p>
        Issue a new token in 1Password, and give it here. It is never shown again. Revoke the old one
        afterwards.
      </p>
      <label>
        <span class="label">API token</span>
        <input
          type="password"
          autocomplete="off"
          spellcheck={false}
          value={token}
          onInput={event => setToken(event.currentTarget.value)}
          required
        />
      </label>
    </Dialog>
  )
}

function Delete({ place, close }: Given) {
  const [name, setName] = useState('')
  const run = async (): Promise<void> => {
    await remove(place)
    location.hash = '#/collection'
  }
  return (
    <Dialog
      title={`Delete ${place.source.name}?`}
      action="Delete"
      isDangerous
      isReady={name === place.source.name}
      run={run}
      close={close}
    >
      <p>
        It stops collecting for good, and its token is removed. Events that were delivered stay in the lake.
      </p>
      <label>
        <span class="label">Type the name to confirm</span>
        <input
          autocomplete="off"
          value={name}
          onInput={event => setName(event.currentTarget.value)}
          required
        />
      </label>
    </Dialog>
  )
}

const DIALOGS = { restart: Restart, rotate: Rotate, delete: Delete }

/** The health of a source, and what a person can do with it. */
export function SourceActions({ place }: { readonly place: Place }) {
  const [asked, setAsked] = useState<keyof typeof DIALOGS>()
  const Asked = asked && DIALOGS[asked]
  return (
    <>
      <Status source={place.source} />
      {sourceHealth(place.source) !== 'stopping' && (
        <div class="buttons">
          <button type="button" onClick={() => setAsked('restart')}>
            Restart
          </button>
          <a class="button" href={`#/sources/${place.source.id}/edit`}>
            Edit
          </a>
          <button type="button" onClick={() => setAsked('rotate')}>
            Rotate token
          </button>
          <button type="button" class="danger-quiet" onClick={() => setAsked('delete')}>
            Delete
          </button>
        </div>
      )}
      {Asked && <Asked place={place} close={() => setAsked(undefined)} />}
    </>
  )
}
