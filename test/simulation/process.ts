import type { Random } from '../../infra/local/account/random.ts'
import type { Clock, Random as RandomPort } from '../../shared/ports.ts'
import { callName } from '../support/applying.ts'
import type { AwsOutages } from './aws-outages.ts'
import type { FaultPlan } from './fault-plan.ts'
import type { Timeline } from './timeline.ts'
import type { Trace } from './trace.ts'

/** One invocation of a function, from its begin to its end or death. */
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
  /** For which execution of the state machine it runs, if for any. */
  execution: string | undefined
  /** After how many calls it dies, if it does. */
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

const never = new Promise<never>(() => {})

/** Resolves after this time, if the process still lives then. */
const passed = ({ timeline }: Surroundings, process: Process, ms: number): Promise<void> =>
  new Promise(resolve => {
    timeline.after(ms, () => {
      if (process.alive) resolve()
    })
  })

/** As the SDK names them. */
function awsError(name: string, status?: number): Error {
  const error = Object.assign(new Error(`${name}, says the simulation`), {
    ...(status !== undefined && { $metadata: { httpStatusCode: status } }),
  })
  error.name = name
  return error
}

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

/** Between two effects: from then on nothing that the process calls takes effect or answers. */
async function orDie(process: Process, count: number): Promise<void> {
  if (process.dieAt !== count) return
  process.die('Runtime.ExitError')
  await never
}

/**
 * A table's write is a different matter: what DynamoDB gets after its client has given it up must still be of the lease
 * of then, but may undo what the same run has written since. The client's time-outs make that impossible.
 */
const isStray = ({ plan }: Surroundings, label: string): boolean =>
  /^(?:lake\.create|bus\.)/.test(label) && plan.strikes('writes-stray')

/** The caller waits for seconds; the effect takes place within some more, whether the process lives or not. */
async function strayed(
  world: Surroundings,
  process: Process,
  label: string,
  work: () => Promise<unknown>,
): Promise<void> {
  const { timeline, trace, plan } = world
  const waitMs = 5_000
  timeline.after(waitMs + plan.random('writes-stray').integer(20_000), () => {
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
  if (!process.alive) return never
  const { plan, trace, calls, timeline, awsOutages } = world
  const count = process.calls++
  calls.set(label, (calls.get(label) ?? 0) + 1)
  await passed(world, process, delayMs(world))
  await orDie(process, 2 * count)
  if (plan.strikes('calls-hung')) await never
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

type Paged = () => AsyncIterable<unknown>

/** A call for each page; what it holds may be old by the time it is there. */
async function* paged(world: Surroundings, process: Process, label: string, pages: Paged) {
  for await (const page of pages()) yield await awsCall(world, process, label, async () => page)
}

/** What a process has in the place of a store: each call of it is one of AWS. */
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
      if (member === 'pages') return () => paged(world, process, `${name}.pages`, method as Paged)
      return (...args: never[]) =>
        awsCall(world, process, callName(name, String(member), args), () =>
          (method as Method).apply(target, args),
        )
    },
  })
}

/** Sleeps as the process sees them. */
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
