import type { StateMachineResource } from '../template/model.ts'
import type { EngineWorld, StateMachines } from './engine.ts'
import { type ExecutionEvent, toExecutionEvent } from './execution-event.ts'
import { toRunnableDefinition, toTaskInput } from './runnable-definition.ts'

type Machine = Pick<StateMachineResource, 'name' | 'arn' | 'roleArn' | 'definition'>

/**
 * Carries out a Task, whose resource is a function's ARN. If the Task fails, this rejects with an error: its name is
 * the error of the Task, and its message is the cause.
 */
export type AnswerTask = (resource: string, input: unknown) => Promise<unknown>

interface ExecutionParts {
  readonly engine: StateMachines
  readonly world: EngineWorld
  readonly machine: Machine
  readonly name: string
  readonly input: unknown
  readonly answerTask: AnswerTask
  readonly onEvent: (event: ExecutionEvent) => void
}

export interface RunningExecution {
  abort(): void
  /** Resolves when the execution has ended in any way, and all its events were published. */
  readonly ended: Promise<void>
}

type Run = ReturnType<InstanceType<StateMachines>['run']>
type RunOptions = NonNullable<Parameters<InstanceType<StateMachines>['run']>[1]>
type Handlers = NonNullable<NonNullable<RunOptions['overrides']>['taskResourceLocalHandlers']>

/**
 * Creates the error for a Task that begins after the execution has ended. The engine still tries once if an execution
 * is aborted while it waits for a retry.
 */
const createEndedError = (): Error =>
  Object.assign(new Error('the execution has ended'), { isRetryable: false, isCatchable: false })

function createHandlers({ machine, answerTask }: ExecutionParts, hasEnded: () => boolean): Handlers {
  const tasks = Object.entries(machine.definition.States).filter(([, { Type }]) => Type === 'Task')
  const handlers = tasks.map(([name, state]) => [
    name,
    (given: unknown) => {
      if (hasEnded()) throw createEndedError()
      const answer = answerTask(state.Resource ?? '', toTaskInput(state, given))
      // The engine does not wait for the answer if the time-out is not a number.
      answer.catch(() => {})
      return answer
    },
  ])
  return Object.fromEntries(handlers) as Handlers
}

/** Creates the context object. The engine does not keep its state, so getters return it. */
function createContext(
  { machine: { arn, name, roleArn }, name: execution }: ExecutionParts,
  entered: EnteredState,
) {
  return {
    Execution: { Id: toExecutionArn(arn, execution), Name: execution, RoleArn: roleArn },
    StateMachine: { Id: arn, Name: name },
    State: {
      get Name() {
        return entered.state
      },
      get EnteredTime() {
        return entered.time
      },
    },
  }
}

const toExecutionArn = (machineArn: string, name: string): string =>
  `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`

interface EnteredState {
  state: string
  time: string
}

async function publishEvents(
  { eventLogs }: Run,
  onEvent: ExecutionParts['onEvent'],
  timedOut: () => boolean,
) {
  for await (const event of eventLogs) {
    const late = event.type === 'ExecutionAborted' && timedOut()
    onEvent(toExecutionEvent(event, late ? 'ExecutionTimedOut' : event.type))
  }
}

/** Starts an execution. `onEvent` gets everything that happens in it. */
export function startExecution(parts: ExecutionParts): RunningExecution {
  const { engine, world, machine, input, onEvent } = parts
  const entered: EnteredState = { state: '', time: '' }
  const definition = toRunnableDefinition(machine.definition, state =>
    Object.assign(entered, { state, time: new Date(world.now()).toISOString() }),
  )
  let ending: 'aborted' | 'timed out' | undefined
  const run = new engine(definition, { validationOptions: { noValidate: true } }).run(
    input as Parameters<Run['eventLogs']['return']>[0],
    {
      overrides: { taskResourceLocalHandlers: createHandlers(parts, () => ending !== undefined) },
      context: createContext(parts, entered),
    },
  )
  const end = (how: typeof ending): void => {
    ending ??= how
    run.abort()
  }
  const { TimeoutSeconds } = machine.definition
  const timer =
    TimeoutSeconds === undefined ? undefined : world.setTimeout(() => end('timed out'), TimeoutSeconds * 1000)
  const published = publishEvents(run, onEvent, () => ending === 'timed out')
  // Both outcomes are ignored here, because the events say how the execution ended.
  const ended = run.result.then(
    () => published,
    () => published,
  )
  return { abort: () => end('aborted'), ended: ended.finally(() => world.clearTimeout(timer)) }
}
