import type { MiddlewareObj, Request } from '@middy/core'
import type { AdminRequest, AdminResult } from './message.ts'

function dropBody({ event, response }: Request<AdminRequest, AdminResult>): void {
  if (event.requestContext.http.method === 'HEAD' && response) response.body = ''
}

/** HEAD is answered as GET would be, without the body. First in the chain, so that its hooks run last. */
export const bodilessHead = (): MiddlewareObj<AdminRequest, AdminResult> => ({
  after: dropBody,
  onError: dropBody,
})
