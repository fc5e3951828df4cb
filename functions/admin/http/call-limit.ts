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

function readAccessId({ headers, requestContext }: AdminRequest): string {
  const { authorizer } = requestContext as SignedContext
  return authorizer?.iam?.accessKey ?? parseBasicCredential(headers['authorization'])?.accessId ?? ''
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
  const arrivals = new Map<string, number>()
  const running = new Map<string, number>()

  function admit(accessId: string): void {
    const nowMs = clock.now()
    const arrivalMs = arrivals.get(accessId) ?? 0
    const waitMs = rateWaitMs(share, arrivalMs, nowMs)
    if (waitMs > 0) throw rateLimitExceeded(waitMs)
    if ((running.get(accessId) ?? 0) >= inFlight) throw rateLimitExceeded(intervalMs)
    if (arrivals.size >= MAX_KEPT) forgetRested(nowMs)
    arrivals.set(accessId, arrivalAfterRequest(share, arrivalMs, nowMs))
    running.set(accessId, (running.get(accessId) ?? 0) + 1)
  }

  function forgetRested(nowMs: number): void {
    for (const [accessId, arrivalMs] of arrivals) if (arrivalMs <= nowMs) arrivals.delete(accessId)
  }

  function release(accessId: string): void {
    const left = (running.get(accessId) ?? 1) - 1
    if (left > 0) running.set(accessId, left)
    else running.delete(accessId)
  }

  return async request => {
    const accessId = readAccessId(request)
    admit(accessId)
    try {
      return await handle(request)
    } finally {
      release(accessId)
    }
  }
}
