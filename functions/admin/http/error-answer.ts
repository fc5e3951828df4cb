import { createHash } from 'node:crypto'
import type { MiddlewareObj } from '@middy/core'
import { loggableError } from '../../../shared/domain/failure/loggable-error.ts'
import type { FieldFault } from '../../../shared/domain/source/request-section.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { isApiError, type Refusal } from './api-error.ts'
import { type AdminRequest, type AdminResult, toResult } from './message.ts'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/**
 * Returns e.g. ABCDE-FGHIJ-KLMNO (docs/reference/management-api.md, "Errors and call limits"). It follows from the
 * invocation, so the answer and the log have the same id.
 */
function createErrorId(requestId: string): string {
  const bytes = createHash('sha256').update(requestId).digest().subarray(0, 15)
  const letters = Array.from(bytes, byte => LETTERS[byte % LETTERS.length]).join('')
  return `${letters.slice(0, 5)}-${letters.slice(5, 10)}-${letters.slice(10)}`
}

const UNEXPECTED: Refusal = { status: 500, code: 'internal.error', message: 'Internal server error.' }

const withoutCode = ({ field, message }: FieldFault): object => ({ field, message })

/** The form for collectors and sources (docs/reference/management-api.md, "Errors and call limits"). */
function singleError({ status, code, message, faults }: Refusal, id: string): object {
  return { status, id, code, message, ...(faults && { faults: faults.map(withoutCode) }) }
}

const LISTED = /^(?:\/api)?\/v1\/(?:fields|healthEvents)(?:\/|$)/

/** The newer part of the original API answers errors as lists (docs/reference/management-api.md, "Health Events API"). */
export const isListed = (path: string): boolean => LISTED.test(path)

function errorList({ code, message, faults }: Refusal, id: string): object {
  const errors = faults?.map(fault => ({
    code: fault.code ?? code,
    message: `${fault.field}: ${fault.message}.`,
  }))
  return { id, errors: errors ?? [{ code, message }] }
}

/**
 * Turns errors into answers. The answer to an unexpected error tells only its id. The log has the same id with the error,
 * the method and the path, never the headers or the body.
 */
export const errorAnswers = ({ log }: AdminPorts): MiddlewareObj<AdminRequest, AdminResult> => ({
  onError: request => {
    const { error, context, event } = request
    const { method, path } = event.requestContext.http
    const id = createErrorId(context.awsRequestId)
    const refusal = isApiError(error) ? error.refusal : UNEXPECTED
    if (refusal === UNEXPECTED) {
      const facts = { errorId: id, method, path, metrics: { failedCalls: 1 } }
      log.error('admin call failed', { ...facts, error: loggableError(error) })
    }
    const body = isListed(path) ? errorList(refusal, id) : singleError(refusal, id)
    request.response = toResult(refusal.status, { ...refusal, body })
  },
})
