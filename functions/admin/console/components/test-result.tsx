import type { ConnectionTest } from '../api/form-calls.ts'
import { apiTitle } from '../model/format.ts'
import { HealthIcon } from './icon.tsx'
import { LocalTime } from './time.tsx'

const describe = (readable: boolean | undefined): string => {
  if (readable === undefined) return 'not known'
  return readable ? 'can be read' : 'cannot be read with this token'
}

/** What a token can read, of which account and until when. */
export function TestResult({ test: { ok, account, expires, apis } }: { readonly test: ConnectionTest }) {
  return (
    <div class="tested">
      <p>
        <strong>{ok ? 'The connection works.' : 'The connection does not work yet.'}</strong>
        {account !== undefined && ` Account: ${account}.`}
        {expires !== undefined && (
          <>
            {' '}
            The token expires <LocalTime at={expires} />.
          </>
        )}
      </p>
      <ul>
        {apis.map(({ api, readable }) => (
          <li key={api}>
            <HealthIcon health={readable ? 'healthy' : 'warning'} />
            {apiTitle(api)}: {describe(readable)}
          </li>
        ))}
      </ul>
    </div>
  )
}
