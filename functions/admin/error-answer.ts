import type { MiddlewareObj, Request } from '@middy/core'
import type { FieldFault } from '../../shared/domain/request-section.ts'
import type { Log } from '../../shared/ports.ts'
import { ApiError, isApiError } from './api-error.ts'
import { errorId } from './error-id.ts'
import { type AdminRequest, type AdminResult, json } from './http.ts'

const UNEXPECTED = new ApiError({ status: 500, code: 'internal.error' }, 'Internal server error.')

const withoutCode = ({ field, message }: FieldFault): object => ({ field, message })

function answerOf(error: ApiError, id: string): AdminResult {
  const { status, code, message, faults } = error
  return json(status, { status, id, code, message, ...(faults && { faults: faults.map(withoutCode) }) })
}

/** Errors become answers; of what was not foreseen they tell only an id, which the log has too. */
export const errorAnswers = (): MiddlewareObj<AdminRequest, AdminResult> => ({
  onError: request => {
    const error = isApiError(request.error) ? request.error : UNEXPECTED
    request.response = answerOf(error, errorId(request.context.awsRequestId))
  },
})

/** For error-logger: what was not foreseen. Of the request only where it went; never its headers or body. */
export const logUnexpected =
  (log: Log) =>
  ({ error, event, context }: Request): void => {
    if (isApiError(error)) return
    const { name, message, stack } = error ?? new Error('no error')
    const { method, path } = (event as AdminRequest).requestContext.http
    const facts = { errorId: errorId(context.awsRequestId), method, path }
    log.error('admin call failed', { ...facts, error: { name, message, stack } })
  }
