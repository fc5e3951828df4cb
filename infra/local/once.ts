import { APIS, type Api } from '../../shared/contract/apis.ts'
import type { ShownSource } from './registration.ts'
import type { TaskTotals } from './run-totals.ts'
import { formatTable } from './text-table.ts'

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
export const formatSummary = (tasks: readonly TaskTotals[]): string =>
  tasks.length === 0 ? 'No task was due.' : formatTable([HEADINGS, ...tasks.map(row)], NUMBERS)

/** Returns why this API may have more to collect, or undefined if everything was collected. */
function findReasonForMore(api: Api, task: TaskTotals | undefined): string | undefined {
  if (task?.outcome === 'drained') return undefined
  const reason = task
    ? (task.error ?? `its last run ended as ${task.outcome}, not as drained`)
    : 'it never ran'
  return `${APIS[api].title}: ${reason}`
}

/** Returns every reason why `--once` did not succeed. `notices` are sentences. */
export function findFailures(facts: {
  readonly tasks: readonly TaskTotals[]
  readonly notices: readonly string[]
  /** The source that the stage has registered. */
  readonly source: (ShownSource & { readonly sourceId: number }) | undefined
}): string[] {
  const { tasks, source } = facts
  const own = (source?.apis ?? []).flatMap(
    api =>
      findReasonForMore(
        api,
        tasks.find(task => task.sourceId === source?.sourceId && task.api === api),
      ) ?? [],
  )
  const others = tasks.filter(({ sourceId, error }) => sourceId !== source?.sourceId && error !== undefined)
  const failed = [...own, ...others.map(({ api, error }) => `${APIS[api].title}: ${error}`)]
  const state = source?.state
  const shown =
    state?.state === 'Error' ? [`The source is in Error: ${state.errorInfo ?? 'no reason is given'}`] : []
  // The source shows the error of one of its tasks. It need not be printed twice.
  const isPrinted = tasks.some(({ error }) => error !== undefined)
  return [...failed, ...facts.notices, ...(isPrinted ? [] : shown)]
}
