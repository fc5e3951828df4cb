import type { Activity } from '../../clock/activity.ts'
import type { VirtualClock } from '../../clock/clock.ts'
import type { UrlResource } from '../../template/model.ts'
import type { FunctionPool } from '../function-pool.ts'
import { type InvocationResult, MAX_EVENT_BYTES } from '../invocation.ts'
import { admit, type UrlGateway } from './access.ts'
import { type HttpAnswer, REQUEST_TOO_LARGE, toHttpAnswer, toMessageAnswer } from './http-answer.ts'
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
    // A body that is not text grows by a third on its way into the event.
    const event = JSON.stringify(toRequestEvent(request, admitted, clock.now()))
    if (Buffer.byteLength(event) > MAX_EVENT_BYTES) return REQUEST_TOO_LARGE
    if (!pool.hasRoom()) return toMessageAnswer(429, 'Rate Exceeded.')
    const end = activity.begin()
    try {
      const result = await pool.invoke(event)
      if (result.functionError && !result.abandoned) onFunctionError(pool, result)
      const answer = toHttpAnswer(result)
      return { ...answer, headers: { ...answer.headers, 'x-amzn-requestid': result.requestId } }
    } finally {
      end()
    }
  }
