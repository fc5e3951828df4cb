import type { MiddlewareObj, Request } from '@middy/core'
import type { FieldFault } from '../../../shared/domain/source/request-section.ts'
import type { Log } from '../../../shared/ports.ts'
import { ApiError, isApiError } from './api-error.ts'
import { errorId } from './error-id.ts'
import { type AdminRequest, type AdminResult, json } from './message.ts'

const UNEXPECTED = new ApiError({ status: 500, code: 'internal.error' }, 'Internal server error.')

const withoutCode = ({ field, message }: FieldFault): object => ({ field, message })

/** Of collectors and sources (reference/sumo-api §4.1). */
function singleError({ status, code, message, faults }: ApiError, id: string): object {
  return { status, id, code, message, ...(faults && { faults: faults.map(withoutCode) }) }
}

/** Paths of the newer part of the original, whose errors are lists (reference/sumo-api §3.3). */
const NEWER = /^(?:\/api)?\/v1\/(?:fields|healthEvents)(?:\/|$)/

function errorList({ code, message, faults }: ApiError, id: string): object {
  const errors = faults?.map(fault => ({
    code: fault.code ?? code,
    message: `${fault.field}: ${fault.message}.`,
  }))
  return { id, errors: errors ?? [{ code, message }] }
}

function answerOf(error: ApiError, id: string, path: string): AdminResult {
  const body = NEWER.test(path) ? errorList(error, id) : singleError(error, id)
  return json(error.status, body, error.headers)
}

/** Errors become answers; of what was not foreseen they tell only an id, which the log has too. */
export const errorAnswers = (): MiddlewareObj<AdminRequest, AdminResult> => ({
  onError: request => {
    const error = isApiError(request.error) ? request.error : UNEXPECTED
    const { path } = request.event.requestContext.http
    request.response = answerOf(error, errorId(request.context.awsRequestId), path)
  },
})

/** For error-logger: what was not foreseen. Of the request only where it went; never its headers or body. */
export const logUnexpected =
  (log: Log) =>
  ({ error, event, context }: Request): void => {
    if (isApiError(error)) return
    const { name, message, stack } = error ?? new Error('no error')
    const { method, path } = (event as AdminRequest).requestContext.http
    const facts = { errorId: errorId(context.awsRequestId), method, path, metrics: { failedCalls: 1 } }
    log.error('admin call failed', { ...facts, error: { name, message, stack } })
  }
