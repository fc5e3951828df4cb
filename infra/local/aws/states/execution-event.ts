import type { StateMachine } from 'aws-local-stepfunctions'

type EngineEvent =
  ReturnType<StateMachine['run']>['eventLogs'] extends AsyncGenerator<infer Event> ? Event : never

export type ExecutionEventType =
  | 'ExecutionStarted'
  | 'StateEntered'
  | 'StateExited'
  | 'StateFailed'
  | 'StateRetried'
  | 'StateCaught'
  | 'ExecutionSucceeded'
  | 'ExecutionFailed'
  | 'ExecutionTimedOut'
  | 'ExecutionAborted'

/** A step of an execution's history. */
export interface ExecutionEvent {
  /** RFC 3339, of virtual time. */
  readonly time: string
  readonly type: ExecutionEventType
  /** Name and type of the state that the step is about. */
  readonly state?: string
  readonly stateType?: string
  readonly input?: unknown
  readonly output?: unknown
  readonly error?: string
  readonly cause?: string
  /** The number of the retry. */
  readonly attempt?: number
}

const toCauseText = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause ?? ''))

const toStateMembers = (event: EngineEvent) => {
  if (!('state' in event)) return {}
  const { name, type, input, output } = event.state
  // The event that a state was entered has its input already.
  return { state: name, stateType: type, ...(event.type === 'StateExited' ? { output } : { input }) }
}

/** Translates an event of the engine into the words of Step Functions. */
export const toExecutionEvent = (event: EngineEvent, type: string = event.type): ExecutionEvent => ({
  time: new Date(event.timestamp).toISOString(),
  type: type as ExecutionEventType,
  ...toStateMembers(event),
  ...('input' in event && { input: event.input }),
  ...('output' in event && { output: event.output }),
  ...('Error' in event && { error: event.Error, cause: toCauseText(event.Cause) }),
  ...('retry' in event && { attempt: event.retry.attempt }),
})
