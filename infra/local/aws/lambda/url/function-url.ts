import type { Activity } from '../../clock/activity.ts'
import type { VirtualClock } from '../../clock/clock.ts'
import type { UrlResource } from '../../template/model.ts'
import type { FunctionPool } from '../function-pool.ts'
import type { InvocationResult } from '../invocation.ts'
import { admit, type UrlGateway } from './access.ts'
import { type HttpAnswer, toHttpAnswer, toMessageAnswer } from './http-answer.ts'
import { toRequestEvent } from './request-event.ts'
import type { HttpRequest } from './server.ts'

export interface FunctionUrlParts {
  readonly url: UrlResource
  readonly pool: FunctionPool
  readonly clock: VirtualClock
  readonly activity: Activity
  readonly gateway: UrlGateway
  readonly onFunctionError: (pool: FunctionPool, result: InvocationResult) => void
}

/** Creates a handler that answers HTTP requests by synchronous invocations, as a Lambda function URL does. */
export const createFunctionUrl =
  ({ url, pool, clock, activity, gateway, onFunctionError }: FunctionUrlParts) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const admitted = admit(request, url, pool.resource, gateway)
    if (!admitted) return toMessageAnswer(403, 'Forbidden')
    if (!pool.hasRoom()) return toMessageAnswer(429, 'Rate Exceeded.')
    const end = activity.begin()
    try {
      const result = await pool.invoke(JSON.stringify(toRequestEvent(request, admitted, clock.now())))
      if (result.functionError && !result.abandoned) onFunctionError(pool, result)
      const answer = toHttpAnswer(result)
      return { ...answer, headers: { ...answer.headers, 'x-amzn-requestid': result.requestId } }
    } finally {
      end()
    }
  }
