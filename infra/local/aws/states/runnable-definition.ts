import type { StateDefinition, StatesDefinition } from '../template/model.ts'

/** Step Functions' own, of a Task that says nothing; the engine's would be a minute. */
const LONGEST_TASK_SECONDS = 99_999_999

const hasTimeoutPath = ({ Type, TimeoutSecondsPath }: StateDefinition): boolean =>
  Type === 'Task' && TimeoutSecondsPath !== undefined

/**
 * The engine reads TimeoutSecondsPath in what Parameters make of the state's input, Step Functions in the input itself.
 * So the number travels with the Task's input, which `taskInput` takes out again.
 */
function runnableState(state: StateDefinition): StateDefinition {
  if (state.Type !== 'Task' || state.TimeoutSeconds !== undefined) return state
  if (state.TimeoutSecondsPath === undefined) return { ...state, TimeoutSeconds: LONGEST_TASK_SECONDS }
  const input = state.Parameters === undefined ? { 'input.$': '$' } : { input: state.Parameters }
  return {
    ...state,
    Parameters: { ...input, 'seconds.$': state.TimeoutSecondsPath },
    TimeoutSecondsPath: '$.seconds',
  }
}

/** What a Task hands to its resource. */
export const taskInput = (state: StateDefinition, given: unknown): unknown =>
  hasTimeoutPath(state) ? (given as { readonly input: unknown }).input : given

/** The definition as the engine is to run it; it tells of each state that it enters. The execution's time-out is not its. */
export function runnableDefinition({ StartAt, States }: StatesDefinition, onEnter: (name: string) => void) {
  const states = Object.fromEntries(
    Object.entries(States).map(([name, state]) => [name, runnableState(state)]),
  )
  return {
    StartAt,
    // The engine's own events arrive late, and the context object must tell of the state at once.
    States: new Proxy(states, {
      get(all, name, receiver) {
        if (typeof name === 'string' && Object.hasOwn(all, name)) onEnter(name)
        return Reflect.get(all, name, receiver)
      },
    }),
  }
}
