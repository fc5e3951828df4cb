import type { StateMachineResource } from '../template/model.ts'
import type { EngineWorld, StateMachines } from './engine.ts'
import { type ExecutionEvent, toExecutionEvent } from './execution-event.ts'
import { runnableDefinition, taskInput } from './runnable-definition.ts'

type Machine = Pick<StateMachineResource, 'name' | 'arn' | 'roleArn' | 'definition'>

/** Answers a Task, whose resource is a function's ARN. What it rejects with has the error's name and its cause as message. */
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
  /** Resolves when it has ended, in whatever way, and told of it. */
  readonly ended: Promise<void>
}

type Run = ReturnType<InstanceType<StateMachines>['run']>
type RunOptions = NonNullable<Parameters<InstanceType<StateMachines>['run']>[1]>
type Handlers = NonNullable<NonNullable<RunOptions['overrides']>['taskResourceLocalHandlers']>

/** The engine wakes an aborted execution that waits for a retry, and tries once more: no Task may begin then. */
const refusal = (): Error =>
  Object.assign(new Error('the execution has ended'), { isRetryable: false, isCatchable: false })

function createHandlers({ machine, answerTask }: ExecutionParts, hasEnded: () => boolean): Handlers {
  const tasks = Object.entries(machine.definition.States).filter(([, { Type }]) => Type === 'Task')
  const handlers = tasks.map(([name, state]) => [
    name,
    (given: unknown) => {
      if (hasEnded()) throw refusal()
      const answer = answerTask(state.Resource ?? '', taskInput(state, given))
      // The engine does not wait for it if its time-out is no number.
      answer.catch(() => {})
      return answer
    },
  ])
  return Object.fromEntries(handlers) as Handlers
}

/** The context object, whose state the engine does not keep: this one is asked for it at each look. */
function createContext(
  { machine: { arn, name, roleArn }, name: execution }: ExecutionParts,
  entered: Entered,
) {
  return {
    Execution: { Id: executionArn(arn, execution), Name: execution, RoleArn: roleArn },
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

const executionArn = (machineArn: string, name: string): string =>
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

/** Starts an execution; what comes of it is told by its events. */
export function startExecution(parts: ExecutionParts): RunningExecution {
  const { engine, world, machine, input, onEvent } = parts
  const entered: Entered = { state: '', time: '' }
  const definition = runnableDefinition(machine.definition, state =>
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
  const told = publishEvents(run, onEvent, () => ending === 'timed out')
  // The events tell how it ended.
  const ended = run.result.then(
    () => told,
    () => told,
  )
  return { abort: () => end('aborted'), ended: ended.finally(() => world.clearTimeout(timer)) }
}
