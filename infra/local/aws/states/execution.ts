import type { StateMachineResource } from '../template/model.ts'
import type { EngineWorld, StateMachines } from './engine.ts'
import { type ExecutionEvent, toExecutionEvent } from './execution-event.ts'
import { toRunnableDefinition, toTaskInput } from './runnable-definition.ts'

type Machine = Pick<StateMachineResource, 'name' | 'arn' | 'roleArn' | 'definition'>

/**
 * Carries out a Task, whose resource is a function's ARN. If it rejects, the error has the name and, as its message,
 * the cause.
 */
export type AnswerTask = (resource: string, input: unknown) => Promise<unknown>

export interface ExecutionParts {
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

/** When an execution is aborted while it waits for a retry, the engine tries once more. No Task must begin then. */
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
  entered: Entered,
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

interface Entered {
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

/** Starts an execution. Its events tell what happens. */
export function startExecution(parts: ExecutionParts): RunningExecution {
  const { engine, world, machine, input, onEvent } = parts
  const entered: Entered = { state: '', time: '' }
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
  // The events tell how it ended.
  const ended = run.result.then(
    () => published,
    () => published,
  )
  return { abort: () => end('aborted'), ended: ended.finally(() => world.clearTimeout(timer)) }
}
