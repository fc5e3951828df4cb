import { useState } from 'preact/hooks'
import { Refused } from '../api/call.ts'
import type { ConnectionTest } from '../api/form-calls.ts'
import { describeFailure } from '../api/source-calls.ts'
import { type Draft, findUnplaced } from '../model/draft.ts'
import { ConnectionFields, GeneralFields, type Part } from './form-parts.tsx'
import { TestResult } from './test-result.tsx'

interface Given {
  readonly initial: Draft
  readonly action: string
  readonly isNew: boolean
  readonly save: (draft: Draft) => Promise<void>
  readonly test: (draft: Draft) => Promise<ConnectionTest | undefined>
}

const SHOWN = [
  'name',
  'description',
  'category',
  'fields',
  'base_url',
  'api_token',
  'supported_apis',
  'start_time',
].map(name => `config.${name}`)

const NONE: ReadonlyMap<string, string> = new Map()

/** The form of a source, new or not. Faults stand at their fields. */
export function SourceForm({ initial, action, isNew, save, test }: Given) {
  const [draft, setDraft] = useState(initial)
  const [faults, setFaults] = useState(NONE)
  const [general, setGeneral] = useState<readonly string[]>([])
  const [tested, setTested] = useState<ConnectionTest>()
  const [isBusy, setBusy] = useState(false)
  const part: Part = { draft, faults, change: given => setDraft({ ...draft, ...given }) }

  async function run(work: () => Promise<void>): Promise<void> {
    setBusy(true)
    setFaults(NONE)
    setGeneral([])
    setTested(undefined)
    try {
      await work()
    } catch (error) {
      const found = error instanceof Refused ? error.faults : NONE
      setFaults(found)
      setGeneral(found.size === 0 ? [describeFailure(error)] : findUnplaced(found, SHOWN))
    }
    setBusy(false)
  }

  async function runTest(): Promise<void> {
    const result = await test(draft)
    setTested(result)
    setFaults(new Map(result?.faults.map(({ field, message }) => [field, message])))
  }

  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    void run(() => save(draft))
  }

  return (
    <form class="form" onSubmit={submit} noValidate>
      <GeneralFields {...part} />
      <ConnectionFields {...part} isNew={isNew} />
      <div role="alert">
        {general.map(text => (
          <p key={text} class="fault">
            {text}
          </p>
        ))}
        {faults.size > 0 && <p class="fault">There are faults. They stand at their fields.</p>}
      </div>
      <div role="status">{tested && <TestResult test={tested} />}</div>
      <div class="buttons">
        <button type="submit" class="primary" disabled={isBusy}>
          {action}
        </button>
        <button type="button" disabled={isBusy} onClick={() => void run(runTest)}>
          Test connection
        </button>
      </div>
    </form>
  )
}
