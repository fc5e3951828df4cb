import {
  loadStateMachines,
  type RunningExecution,
  type StatesDefinition,
  startExecution,
  taskError,
} from 'aws-emulator'
import { retryDefinition } from '../../infra/retry-definition.ts'
import type { EpisodeOpened } from '../../shared/contract/events.ts'
import type { Functions } from './functions.ts'
import type { Surroundings } from './process.ts'
import { toEngineWorld } from './timeline.ts'

const ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:retry'

export interface Execution {
  readonly name: string
  readonly episode: string
  readonly startedMs: number
}

/** The state machine, with the same definition as in the deployed stack. */
export interface Machine {
  /** Begins an execution for the event of an opened episode. */
  start(detail: unknown): void
  /** Returns the executions that have not ended. */
  alive(): readonly Execution[]
}

const MINUTE_MS = 60_000

const MACHINE = {
  name: 'retry',
  arn: ARN,
  roleArn: 'arn:aws:iam::000000000000:role/retry',
  definition: JSON.parse(JSON.stringify(retryDefinition('collect'))) as StatesDefinition,
}

/** Invokes the function as Step Functions does. A failure has the name of the function's error. The answer is JSON. */
async function askFunction({ plan }: Surroundings, functions: Functions, input: unknown): Promise<unknown> {
  const fails = plan.strikes('invocations-failed')
  const begins = !fails || plan.random('invocations-failed').chance(0.5)
  if (!begins) throw taskError('Lambda.ServiceException', 'says the simulation')
  const running = functions.invoke('collect', JSON.parse(JSON.stringify(input)))
  if (fails) throw taskError('Lambda.SdkClientException', 'says the simulation')
  const ended = await running
  if ('answer' in ended) return JSON.parse(JSON.stringify(ended.answer))
  throw taskError(ended.error.errorType, JSON.stringify(ended.error))
}

export function createMachine(world: Surroundings, functions: Functions): Machine {
  const { timeline, trace, plan, random } = world
  const engineWorld = toEngineWorld(timeline, random.fraction)
  const engine = loadStateMachines(engineWorld)
  const running = new Map<string, Execution & { readonly run: RunningExecution }>()

  function begin(input: EpisodeOpened): void {
    const name = random.uuid()
    const answerTask = (_: string, given: unknown): Promise<unknown> => askFunction(world, functions, given)
    const onEvent = ({ type, state }: { readonly type: string; readonly state?: string }): void => {
      if (type !== 'StateEntered') return
      trace.note(`execution ${name}`, state ?? '')
      // The execution is lost some time after it has entered a state.
      if (plan.strikes('executions-aborted')) {
        timeline.after(plan.random('executions-aborted').integer(4 * MINUTE_MS), () => abort(name))
      }
    }
    const run = startExecution({
      ...{ engine, world: engineWorld, machine: MACHINE, name, input, answerTask },
      onEvent,
    })
    running.set(name, { name, episode: input.episode, startedMs: timeline.now(), run })
    void run.ended.then(() => running.delete(name))
  }

  function abort(name: string): void {
    const execution = running.get(name)
    if (!execution) return
    trace.note(`execution ${name}`, 'is lost')
    execution.run.abort()
  }

  function start(detail: unknown): void {
    if (plan.strikes('executions-lost')) {
      trace.note('machine', 'loses an execution')
      return
    }
    const late = plan.strikes('executions-delayed')
      ? plan.random('executions-delayed').integer(4 * MINUTE_MS)
      : 0
    timeline.after(100 + late, () => begin(detail as EpisodeOpened))
    if (!plan.strikes('executions-doubled')) return
    const again = plan.random('executions-doubled').integer(5 * MINUTE_MS)
    timeline.after(100 + again, () => begin(detail as EpisodeOpened))
  }

  return { start, alive: () => [...running.values()] }
}
