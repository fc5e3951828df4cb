import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { describeFailure } from '../api/source-calls.ts'

interface Given {
  readonly title: string
  /** What the button says that does it. */
  readonly action: string
  readonly isDangerous?: boolean
  readonly isReady?: boolean
  readonly run: () => Promise<void>
  readonly close: () => void
  readonly children: ComponentChildren
}

/** Asks before something is done. It stays open, and says why, if it fails. */
export function Dialog({ title, action, isDangerous, isReady = true, run, close, children }: Given) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [fault, setFault] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  useEffect(() => dialog.current?.showModal(), [])

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    setFault(undefined)
    try {
      await run()
      close()
    } catch (error) {
      setFault(describeFailure(error))
      setBusy(false)
    }
  }

  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="dialog-title">
      <form onSubmit={event => void submit(event)}>
        <h2 id="dialog-title">{title}</h2>
        {children}
        <p role="alert" class="fault">
          {fault}
        </p>
        <div class="buttons">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class={isDangerous ? 'danger' : 'primary'} disabled={!isReady || isBusy}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  )
}
