import type { StateDefinition, StatesDefinition } from '../template/model.ts'

/** The time-out of a Task without one, as in Step Functions. The engine would use a minute. */
const LONGEST_TASK_SECONDS = 99_999_999

const hasTimeoutPath = ({ Type, TimeoutSecondsPath }: StateDefinition): boolean =>
  Type === 'Task' && TimeoutSecondsPath !== undefined

/**
 * Step Functions reads TimeoutSecondsPath in the input of the state. The engine reads it in the result of Parameters.
 * So this puts the number beside the Task's input, and `taskInput` takes the input out again.
 */
function toRunnableState(state: StateDefinition): StateDefinition {
  if (state.Type !== 'Task' || state.TimeoutSeconds !== undefined) return state
  if (state.TimeoutSecondsPath === undefined) return { ...state, TimeoutSeconds: LONGEST_TASK_SECONDS }
  const input = state.Parameters === undefined ? { 'input.$': '$' } : { input: state.Parameters }
  return {
    ...state,
    Parameters: { ...input, 'seconds.$': state.TimeoutSecondsPath },
    TimeoutSecondsPath: '$.seconds',
  }
}

/** Returns what a Task hands to its resource. */
export const toTaskInput = (state: StateDefinition, given: unknown): unknown =>
  hasTimeoutPath(state) ? (given as { readonly input: unknown }).input : given

/**
 * Returns the definition for the engine, which calls `onEnter` for each state. The time-out of the execution is left
 * out.
 */
export function toRunnableDefinition({ StartAt, States }: StatesDefinition, onEnter: (name: string) => void) {
  const states = Object.fromEntries(
    Object.entries(States).map(([name, state]) => [name, toRunnableState(state)]),
  )
  return {
    StartAt,
    // The engine's own events arrive too late for the context object.
    States: new Proxy(states, {
      get(all, name, receiver) {
        if (typeof name === 'string' && Object.hasOwn(all, name)) onEnter(name)
        return Reflect.get(all, name, receiver)
      },
    }),
  }
}
