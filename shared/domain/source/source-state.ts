import type { FaultType } from '../failure/classification.ts'
import type { TaskFault } from '../failure/failure.ts'
import type { Task, TaskState } from '../task/task.ts'
import type { Source } from './source.ts'

export interface SourceState {
  readonly state: TaskState
  readonly error?: TaskFault
}

/** The worst comes first. If all tasks are well, the source shows the state of the least advanced one. */
const WORST_FIRST: readonly TaskState[] = [
  'Error',
  'Stopping',
  'Pending',
  'Started',
  'Initialized',
  'Authenticated',
  'Collecting',
]

/** An error that waits for the user comes before one that may pass. */
const GRAVEST_FIRST: readonly FaultType[] = ['ThirdPartyConfig', 'ThirdPartyGeneric', 'FirstPartyGeneric']

const compareFaults = (a: TaskFault, b: TaskFault): number =>
  GRAVEST_FIRST.indexOf(a.type) - GRAVEST_FIRST.indexOf(b.type) || (a.at < b.at ? -1 : Number(a.at > b.at))

type Seen = Pick<Task, 'api' | 'state' | 'error' | 'version'>

type Versioned = Pick<Source, 'version' | 'stopping'>

/** A task that still belongs to an older version of the source has yet to begin anew, so it is Pending. */
export function toApiState(task: Seen | undefined, { version, stopping }: Versioned): SourceState {
  if (stopping) return { state: 'Stopping' }
  if (!task || (task.version ?? 0) < version) return { state: 'Pending' }
  const { state, error } = task
  return state === 'Error' && error ? { state, error } : { state }
}

/** A source shows the worst state of its APIs. It shows an error in state Error only. */
export function toSourceState(
  source: Pick<Source, 'apis' | 'version' | 'stopping'>,
  tasks: readonly Seen[],
): SourceState {
  if (source.stopping) return { state: 'Stopping' }
  const states = source.apis.map(api =>
    toApiState(
      tasks.find(task => task.api === api),
      source,
    ),
  )
  const state = WORST_FIRST.find(worst => states.some(one => one.state === worst)) ?? 'Pending'
  const [error] = states.flatMap(one => one.error ?? []).sort(compareFaults)
  return { state, ...(error && { error }) }
}
