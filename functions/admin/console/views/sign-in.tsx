import { useSignal } from '@preact/signals'
import { signIn } from '../api/access.ts'
import { refresh, refreshFault } from '../api/collection.ts'

/** Asks for access id and key. */
export function SignIn() {
  const isBusy = useSignal(false)

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const given = new FormData(event.currentTarget as HTMLFormElement)
    const [accessId, accessKey] = ['id', 'key'].map(name => String(given.get(name) ?? '').trim())
    signIn({ accessId: accessId ?? '', accessKey: accessKey ?? '' }, { remember: given.has('remember') })
    isBusy.value = true
    await refresh()
    isBusy.value = false
  }

  return (
    <main class="sign-in">
      <h1>1Password Source</h1>
      <form class="card" onSubmit={event => void submit(event)}>
        <label>
          Access id
          <input name="id" autocomplete="username" required />
        </label>
        <label>
          Access key
          <input name="key" type="password" autocomplete="current-password" required />
        </label>
        <label class="check">
          <input name="remember" type="checkbox" />
          Remember until this tab is closed
        </label>
        <button type="submit" class="primary" disabled={isBusy.value}>
          Sign in
        </button>
        <p role="alert" class="fault">
          {refreshFault.value}
        </p>
      </form>
    </main>
  )
}
