import { randomUUID } from 'node:crypto'
import type { Activity } from '../clock/activity.ts'
import type { VirtualClock } from '../clock/clock.ts'
import type { FailureDestination } from './failure-destination.ts'
import type { FunctionPool } from './function-pool.ts'
import type { InvocationResult, PromisedInvocation } from './invocation.ts'

/** Virtual time before the first retry of a function error, and before every later one, as on AWS. */
const RETRY_WAITS_MS = [60_000, 120_000] as const

interface AsynchronousParts {
  readonly pools: ReadonlyMap<string, FunctionPool>
  readonly clock: VirtualClock
  readonly activity: Activity
  readonly destination: FailureDestination
  readonly onFunctionError: (pool: FunctionPool, result: InvocationResult) => void
}

export interface AsynchronousInvoker {
  /** Accepts one invocation with this JSON text, and does not wait for it. */
  accept(functionArn: string, payload: string): void
  /** Carries out what an earlier emulator had promised. The time in between does not count. */
  resume(promised: readonly PromisedInvocation[]): void
  /** Begins no further invocation. */
  stop(): void
  /** Invocations that have not begun, or that wait for their next attempt. */
  promised(): readonly PromisedInvocation[]
}

/** Invokes functions asynchronously as Lambda does, with age limit, retries and on-failure destination. */
export function createAsynchronousInvoker(parts: AsynchronousParts): AsynchronousInvoker {
  const { pools, clock, activity } = parts
  const stopping = new AbortController()
  const waiting = new Map<string, PromisedInvocation>()

  const promise = (promised: PromisedInvocation): void => {
    const pool = pools.get(promised.functionArn)
    if (!pool) throw new Error(`${promised.functionArn} is no function of this stage`)
    const end = activity.begin()
    waiting.set(promised.requestId, promised)
    void carryOut({ ...parts, pool, waiting, stopping: stopping.signal }, promised).finally(end)
  }

  return {
    accept: (functionArn, payload) =>
      promise({ requestId: randomUUID(), functionArn, payload, acceptedMs: clock.now(), attempts: 0 }),
    resume(promised) {
      for (const each of promised)
        if (pools.has(each.functionArn)) promise({ ...each, acceptedMs: clock.now() })
    },
    stop: () => stopping.abort(new Error('the stage closes')),
    promised: () => [...waiting.values()],
  }
}

interface Carrying extends AsynchronousParts {
  readonly pool: FunctionPool
  /** Invocations that have not begun, or that wait for their next attempt. */
  readonly waiting: Map<string, PromisedInvocation>
  readonly stopping: AbortSignal
}

async function carryOut(parts: Carrying, first: PromisedInvocation): Promise<void> {
  const { pool, clock, destination } = parts
  const { retryAttempts } = pool.resource.asynchronous
  let promised = first
  for (;;) {
    const result = await attempt(parts, promised)
    if (result === 'stopped') return
    promised = { ...promised, attempts: promised.attempts + (result === 'too old' ? 0 : 1) }
    if (result === 'too old') {
      return await destination.send(pool.resource, { promised, condition: 'EventAgeExceeded' })
    }
    if (!result.functionError) return
    parts.onFunctionError(pool, result)
    if (promised.attempts > retryAttempts) {
      return await destination.send(pool.resource, { promised, condition: 'RetriesExhausted', result })
    }
    parts.waiting.set(promised.requestId, promised)
    const waitMs = RETRY_WAITS_MS[promised.attempts > 1 ? 1 : 0]
    await clock.sleep(waitMs, parts.stopping).catch(() => {})
  }
}

async function attempt(
  parts: Carrying,
  promised: PromisedInvocation,
): Promise<InvocationResult | 'too old' | 'stopped'> {
  const { pool, clock, stopping } = parts
  return await pool.withSlot(async invoke => {
    if (stopping.aborted) return 'stopped'
    parts.waiting.delete(promised.requestId)
    if (clock.now() - promised.acceptedMs > pool.resource.asynchronous.maxEventAgeMs) return 'too old'
    const result = await invoke(promised.payload, promised.requestId)
    return result.abandoned ? 'stopped' : result
  })
}
