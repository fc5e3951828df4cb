import type { FaultType, TaskFault } from './failure.ts'
import type { Task, TaskState } from './task.ts'

export interface SourceState {
  readonly state: TaskState
  readonly error?: TaskFault
}

/** Worst first; of tasks that are well the least advanced speaks for the source. */
const WORST_FIRST: readonly TaskState[] = [
  'Error',
  'Stopping',
  'Pending',
  'Started',
  'Initialized',
  'Authenticated',
  'Collecting',
]

/** What waits for the user comes before what may pass. */
const GRAVEST_FIRST: readonly FaultType[] = ['ThirdPartyConfig', 'ThirdPartyGeneric', 'FirstPartyGeneric']

const graver = (a: TaskFault, b: TaskFault): number =>
  GRAVEST_FIRST.indexOf(a.type) - GRAVEST_FIRST.indexOf(b.type) || (a.at < b.at ? -1 : Number(a.at > b.at))

/** A source shows the worst of its tasks; the error is shown in state Error only. */
export function sourceState(tasks: readonly Pick<Task, 'state' | 'error'>[]): SourceState {
  const state = WORST_FIRST.find(candidate => tasks.some(task => task.state === candidate)) ?? 'Pending'
  const [error] = tasks
    .flatMap(task => (task.state === 'Error' && task.error ? [task.error] : []))
    .sort(graver)
  return state === 'Error' && error ? { state, error } : { state }
}
