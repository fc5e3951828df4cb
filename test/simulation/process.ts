import type { Random } from '../../infra/local/account/random.ts'
import type { Clock, Random as RandomPort } from '../../shared/ports.ts'
import { callName } from '../support/applying.ts'
import { awsError } from './aws-answer.ts'
import type { AwsOutages } from './aws-outages.ts'
import type { FaultPlan } from './fault-plan.ts'
import type { Timeline } from './timeline.ts'
import type { Trace } from './trace.ts'

/** One invocation of a function, from its start to its end or death. */
export interface Process {
  readonly name: string
  /** Its request id. */
  readonly requestId: string
  readonly clock: Clock
  readonly random: RandomPort
  alive: boolean
  /** Calls made so far. */
  calls: number
  /** Status of the last answer of the Events API, if there was one. */
  lastStatus: number | undefined
  /** An account has answered 400, 401, 403 or 404 to one of its requests. */
  isRefused: boolean
  /** The execution of the state machine that invoked it. Undefined if there is none. */
  execution: string | undefined
  /** The number of the effect at which it dies. Undefined if it does not die that way. */
  readonly dieAt: number | undefined
  die(how: string): void
}

export interface Surroundings {
  readonly timeline: Timeline
  readonly trace: Trace
  readonly plan: FaultPlan
  /** For latencies and ids. */
  readonly random: Random
  readonly awsOutages: AwsOutages
  /** How often each call of AWS was made. */
  readonly calls: Map<string, number>
}

/** A new promise each time: one for all would keep every run that has died in memory. */
const waitForEver = (): Promise<never> => new Promise(() => {})

/** Resolves after this time, if the process still lives then. */
const passed = ({ timeline }: Surroundings, process: Process, ms: number): Promise<void> =>
  new Promise(resolve => {
    timeline.after(ms, () => {
      if (process.alive) resolve()
    })
  })

const refusedError = (random: Random): Error =>
  random.pick([
    () => awsError('ThrottlingException', 400),
    () => awsError('ServiceUnavailable', 503),
    () => awsError('InternalServerError', 500),
    () => awsError('TimeoutError'),
  ])()

function delayMs({ plan, random }: Surroundings): number {
  const usual = 1 + random.integer(20)
  return plan.strikes('calls-slow') ? usual + plan.random('calls-slow').integer(12_000) : usual
}

/** Kills the process if it must die at this point. From then on none of its calls takes effect or returns. */
async function orDie(process: Process, count: number): Promise<void> {
  if (process.dieAt !== count) return
  process.die('Runtime.ExitError')
  await waitForEver()
}

/**
 * A table's write is a different matter: what DynamoDB gets after its client has given it up must still be of the lease
 * of then, but may undo what the same run has written since. The client's time-outs make that impossible.
 */
const isStray = ({ plan }: Surroundings, label: string): boolean =>
  /^(?:lake\.(?:create|setAside)|bus\.)/.test(label) && plan.strikes('writes-stray')

/** What has left the client may lie anywhere for long. A put that lands in the lake must do no harm however late it is. */
const longestStrayMs = (label: string): number => (label.startsWith('lake.') ? 3_600_000 : 20_000)

/** The caller waits some seconds and gives up. The effect happens some time later, even if the process is dead. */
async function strayed(
  world: Surroundings,
  process: Process,
  label: string,
  work: () => Promise<unknown>,
): Promise<void> {
  const { timeline, trace, plan } = world
  const waitMs = 5_000
  timeline.after(waitMs + plan.random('writes-stray').integer(longestStrayMs(label)), () => {
    trace.note(process.name, `${label} strays in`)
    void work()
  })
  await passed(world, process, waitMs)
}

/**
 * One call of AWS: takes time, takes effect at one moment, and may fail before or after that. `work` is the effect. A
 * process that has died gets no answer.
 */
export async function awsCall<T>(
  world: Surroundings,
  process: Process,
  label: string,
  work: () => Promise<T>,
): Promise<T> {
  if (!process.alive) return waitForEver()
  const { plan, trace, calls, timeline, awsOutages } = world
  const count = process.calls++
  calls.set(label, (calls.get(label) ?? 0) + 1)
  await passed(world, process, delayMs(world))
  await orDie(process, 2 * count)
  if (plan.strikes('calls-hung')) await waitForEver()
  if (plan.strikes('calls-refused') || awsOutages.isDown(label, timeline.now())) {
    trace.note(process.name, `${label} refused`)
    throw refusedError(plan.random('calls-refused'))
  }
  if (isStray(world, label)) {
    await strayed(world, process, label, work)
    throw awsError('TimeoutError')
  }
  trace.note(process.name, label)
  let answer = await work()
  if (plan.strikes('calls-repeated')) {
    await passed(world, process, delayMs(world))
    trace.note(process.name, `${label} repeated`)
    answer = await work()
  }
  await orDie(process, 2 * count + 1)
  if (plan.strikes('answers-lost')) {
    trace.note(process.name, `${label} without an answer`)
    throw awsError('TimeoutError')
  }
  if (world.random.chance(0.2)) await passed(world, process, delayMs(world))
  return answer
}

type Method = (...args: never[]) => Promise<unknown>

/** Wraps a store for a process, so that each call to it is a call of AWS that can fail. */
export function awsPort<Port extends object>(
  world: Surroundings,
  process: Process,
  name: string,
  port: Port,
): Port {
  return new Proxy(port, {
    get(target, member, receiver) {
      const method: unknown = Reflect.get(target, member, receiver)
      if (typeof method !== 'function') return method
      return (...args: never[]) =>
        awsCall(world, process, callName(name, String(member), args), () =>
          (method as Method).apply(target, args),
        )
    },
  })
}

/** Creates the `sleep` of a process. It never returns if the process has died. */
export const sleeper =
  (world: Surroundings, process: () => Process) =>
  (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const timer = world.timeline.after(ms, () => {
        if (process().alive) resolve()
      })
      signal?.addEventListener('abort', () => {
        world.timeline.cancel(timer)
        if (process().alive) reject(signal.reason)
      })
    })
