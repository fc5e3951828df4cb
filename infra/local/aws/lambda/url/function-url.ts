import type { Activity } from '../../clock/activity.ts'
import type { VirtualClock } from '../../clock/clock.ts'
import type { UrlResource } from '../../template/model.ts'
import type { FunctionPool } from '../function-pool.ts'
import type { InvocationResult } from '../invocation.ts'
import { admission, type UrlGateway } from './access.ts'
import { type HttpAnswer, httpAnswer, messageAnswer } from './http-answer.ts'
import { requestEvent } from './request-event.ts'
import type { HttpRequest } from './server.ts'

export interface FunctionUrlParts {
  readonly url: UrlResource
  readonly pool: FunctionPool
  readonly clock: VirtualClock
  readonly activity: Activity
  readonly gateway: UrlGateway
  readonly onFunctionError: (pool: FunctionPool, result: InvocationResult) => void
}

/** Answers HTTP requests by synchronous invocations, as a Lambda function URL does. */
export const functionUrl =
  ({ url, pool, clock, activity, gateway, onFunctionError }: FunctionUrlParts) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const admitted = admission(request, url, pool.resource, gateway)
    if (!admitted) return messageAnswer(403, 'Forbidden')
    if (!pool.hasRoom()) return messageAnswer(429, 'Rate Exceeded.')
    const end = activity.begin()
    try {
      const result = await pool.invoke(JSON.stringify(requestEvent(request, admitted, clock.now())))
      if (result.functionError && !result.abandoned) onFunctionError(pool, result)
      const answer = httpAnswer(result)
      return { ...answer, headers: { ...answer.headers, 'x-amzn-requestid': result.requestId } }
    } finally {
      end()
    }
  }
