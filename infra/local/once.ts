import { APIS } from '../../shared/contract/apis.ts'
import type { SourceState } from './registration.ts'
import type { TaskTotals } from './run-totals.ts'
import { textTable } from './text-table.ts'

const HEADINGS = ['Source', 'API', 'Runs', 'Pages', 'Events', 'First event', 'Last event', 'Cursor']
const NUMBERS = new Set([2, 3, 4])

const row = (task: TaskTotals): string[] => [
  task.sourceName ?? String(task.sourceId),
  APIS[task.api].title,
  String(task.runs),
  String(task.pages),
  String(task.events),
  task.firstTimestamp ?? '-',
  task.lastTimestamp ?? '-',
  task.cursor ?? '-',
]

/** The summary of `--once`: one row per task. */
export const summaryTable = (tasks: readonly TaskTotals[]): string =>
  tasks.length === 0 ? 'No task was due.' : textTable([HEADINGS, ...tasks.map(row)], NUMBERS)

/** Every reason why `--once` did not succeed; none if it did. `notices` are sentences. */
export function failures(facts: {
  readonly tasks: readonly TaskTotals[]
  readonly notices: readonly string[]
  readonly state: SourceState | undefined
}): string[] {
  const failed = facts.tasks.flatMap(({ api, error }) =>
    error === undefined ? [] : [`${APIS[api].title}: ${error}`],
  )
  const { state } = facts
  const shown =
    state?.state === 'Error' ? [`The source is in Error: ${state.errorInfo ?? 'no reason is given'}`] : []
  // The source shows what one of its tasks has failed with: once is enough.
  return [...failed, ...facts.notices, ...(failed.length === 0 ? shown : [])]
}
