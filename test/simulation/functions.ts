import { failedInvocation, toInvocationRecord } from 'aws-emulator'
import { FAILED_INVOCATION } from '../../shared/contract/events.ts'
import { COLLECT_TIMEOUT_SECONDS, DISPATCH_TIMEOUT_SECONDS } from '../../shared/contract/timing.ts'
import type { Envelope } from './bus.ts'
import { beginProcess, createInstance, type Instance } from './instance.ts'
import type { Process, Surroundings } from './process.ts'

export type FunctionName = 'collect' | 'dispatch'

/** The code of a function. `deadlineMs` is a time of the process's own clock. */
export type Handler<Made extends Instance> = (
  process: Process,
  instance: Made,
  payload: unknown,
  deadlineMs: number,
) => Promise<unknown>

/** An error as Lambda describes it. */
interface FunctionError {
  readonly errorType: string
  readonly errorMessage: string
}

export type Ended = { readonly answer: unknown } | { readonly error: FunctionError }

export interface Functions {
  /** Invokes asynchronously: at least once, or a record of the failure comes on the bus. */
  invokeLater(name: FunctionName, event: Envelope): void
  /** Resolves when the run has ended or died. */
  invoke(name: FunctionName, payload: unknown): Promise<Ended>
}

interface Deployed {
  readonly timeoutMs: number
  readonly handle: Handler<Instance>
  readonly make: () => Instance
  /** Whether a record of a failure goes to the bus. Otherwise nobody gets it. */
  readonly isMissed: boolean
}

interface FunctionParts<Made extends Instance> {
  readonly makeCollect: (bare: Instance) => Made
  readonly collect: Handler<Made>
  readonly dispatch: Handler<Instance>
  readonly putFailure: (event: Omit<Envelope, 'time'>) => void
}

const SECOND_MS = 1000

function errorOf(error: unknown): FunctionError {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  return { errorType: name, errorMessage: message }
}

function deployed<Made extends Instance>(
  world: Surroundings,
  { collect, makeCollect, dispatch }: FunctionParts<Made>,
): Record<FunctionName, Deployed> {
  const make = (): Instance => createInstance(world)
  return {
    collect: {
      timeoutMs: COLLECT_TIMEOUT_SECONDS * SECOND_MS,
      handle: collect as Handler<Instance>,
      make: () => makeCollect(make()),
      isMissed: true,
    },
    dispatch: { timeoutMs: DISPATCH_TIMEOUT_SECONDS * SECOND_MS, handle: dispatch, make, isMissed: false },
  }
}

/** The event that Lambda puts on the bus for an invocation that failed, or that began too late. */
function toFailureEvent(
  {
    requestId,
    event,
    nowMs,
  }: { readonly requestId: string; readonly event: Envelope; readonly nowMs: number },
  error?: FunctionError,
): Omit<Envelope, 'time'> {
  const promised = {
    requestId,
    functionArn: FUNCTION_ARN,
    payload: JSON.stringify(event),
    acceptedMs: nowMs,
    attempts: error ? 1 : 0,
  }
  const failed = error
    ? { promised, condition: 'RetriesExhausted' as const, result: failedInvocation(requestId, error) }
    : { promised, condition: 'EventAgeExceeded' as const }
  return { source: 'lambda', 'detail-type': FAILED_INVOCATION, detail: toInvocationRecord(failed, nowMs) }
}

const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:collect'

/** Lambda: warm instances, time-outs, invocation at once and later. */
export function createFunctions<Made extends Instance>(
  world: Surroundings,
  parts: FunctionParts<Made>,
): Functions {
  const { timeline, trace, plan, random } = world
  const all = deployed(world, parts)
  const idle: Record<FunctionName, Instance[]> = { collect: [], dispatch: [] }
  let runs = 0

  function invoke(name: FunctionName, payload: unknown, requestId = random.uuid()): Promise<Ended> {
    const { promise, resolve } = Promise.withResolvers<Ended>()
    const { make, handle, timeoutMs } = all[name]
    const instance = idle[name].pop() ?? make()
    const onDeath = (how: string): void =>
      resolve({ error: { errorType: how, errorMessage: `RequestId: ${requestId} Error: ${how}` } })
    const process = beginProcess(world, {
      name: `${name}#${++runs}`,
      requestId,
      instance,
      timeoutMs,
      onDeath,
    })
    const end = (ended: Ended): void => {
      if (!process.alive) return
      process.alive = false
      idle[name].push(instance)
      resolve(ended)
    }
    handle(process, instance, payload, process.clock.now() + timeoutMs).then(
      answer => end({ answer }),
      (error: unknown) => {
        if (process.alive) trace.note(process.name, `throws ${String(error)}`)
        end({ error: errorOf(error) })
      },
    )
    return promise
  }

  async function run(name: FunctionName, requestId: string, event: Envelope): Promise<void> {
    const ended = await invoke(name, event, requestId)
    if ('error' in ended && all[name].isMissed)
      parts.putFailure(toFailureEvent({ requestId, event, nowMs: timeline.now() }, ended.error))
  }

  function invokeLater(name: FunctionName, event: Envelope): void {
    const requestId = random.uuid()
    if (plan.strikes('runs-too-late')) {
      if (all[name].isMissed) parts.putFailure(toFailureEvent({ requestId, event, nowMs: timeline.now() }))
      return
    }
    void run(name, requestId, event)
    if (!plan.strikes('runs-doubled')) return
    const again = plan.random('runs-doubled').integer(30_000)
    timeline.after(again, () => void run(name, requestId, event))
  }

  return { invoke, invokeLater }
}
