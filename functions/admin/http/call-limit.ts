import { CONNECTION_TEST_CALLS } from '../../../shared/contract/limits.ts'
import { arrivalAfterRequest, type RateShare, rateWaitMs } from '../../../shared/domain/stream/rate-budget.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { rateLimitExceeded } from './api-error.ts'
import { parseBasicCredential } from './authenticate.ts'
import type { AdminRequest, AdminResult } from './message.ts'

/** When more callers are kept in memory, those who have rested long enough are forgotten. */
const MAX_KEPT = 1000

/** What AWS adds to the context of a signed request. */
interface SignedContext {
  readonly authorizer?: { readonly iam?: { readonly accessKey?: string } }
}

type Handle = (request: AdminRequest) => Promise<AdminResult>

/** Returns who calls. Empty if the request names nobody. */
export function readAccessId({ headers, requestContext }: AdminRequest): string {
  const { authorizer } = requestContext as SignedContext
  return authorizer?.iam?.accessKey ?? parseBasicCredential(headers['authorization'])?.accessId ?? ''
}

const CONNECTION_TEST = /\/sources\/test\/?$/

const countCalls = ({ rawPath }: AdminRequest): number =>
  CONNECTION_TEST.test(rawPath) ? CONNECTION_TEST_CALLS : 1

interface Caller {
  /** The theoretical arrival time of the next call. */
  arrivalMs: number
  running: number
}

/**
 * Refuses calls beyond the limits of an access id with 429 (docs/reference/management-api.md, "Errors and call limits").
 * The credential is checked before, so strangers cannot use up the share of a client. The counts are in memory: each
 * instance of the function allows the full limits, and in AWS an instance handles one call at a time. This slows a
 * careless client down. It is not a defence.
 */
export function limitCalls({ clock, settings }: AdminPorts, handle: Handle): Handle {
  const { perSecond, burst, inFlight } = settings.callLimits
  const intervalMs = 1000 / perSecond
  const share: RateShare = { intervalMs, burstMs: intervalMs * (burst - 1) }
  const callers = new Map<string, Caller>()

  function forgetRested(nowMs: number): void {
    for (const [accessId, { arrivalMs, running }] of callers) {
      if (arrivalMs <= nowMs && running === 0) callers.delete(accessId)
    }
  }

  function admit(accessId: string, calls: number): Caller {
    const nowMs = clock.now()
    const caller = callers.get(accessId) ?? { arrivalMs: 0, running: 0 }
    const waitMs = rateWaitMs(share, caller.arrivalMs, nowMs)
    if (waitMs > 0) throw rateLimitExceeded(waitMs)
    if (caller.running >= inFlight) throw rateLimitExceeded(intervalMs)
    if (callers.size >= MAX_KEPT) forgetRested(nowMs)
    for (let count = 0; count < calls; count++) {
      caller.arrivalMs = arrivalAfterRequest(share, caller.arrivalMs, nowMs)
    }
    callers.set(accessId, caller)
    return caller
  }

  return async request => {
    const caller = admit(readAccessId(request), countCalls(request))
    caller.running++
    try {
      return await handle(request)
    } finally {
      caller.running--
    }
  }
}
