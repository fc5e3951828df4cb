import type { FieldFault } from '../../../shared/domain/source/request-section.ts'

interface Wire {
  readonly status: number
  readonly code: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A refusal that becomes the answer (reference/sumo-api §4.1). Recognise it with `isApiError`. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly headers: Readonly<Record<string, string>>
  readonly faults: readonly FieldFault[] | undefined

  constructor(wire: Wire, message: string, faults?: readonly FieldFault[]) {
    super(message)
    this.status = wire.status
    this.code = wire.code
    this.headers = wire.headers ?? {}
    this.faults = faults
  }
}

export const isApiError = (error: unknown): error is ApiError =>
  error instanceof Error && error.name === 'ApiError'

export const badRequest = (code: string, message: string): ApiError =>
  new ApiError({ status: 400, code }, message)

export const unauthorized = (): ApiError =>
  new ApiError({ status: 401, code: 'unauthorized' }, 'Credential could not be verified.')

export const ifMatchMissing = (): ApiError =>
  new ApiError(
    { status: 403, code: 'forbidden' },
    'The If-Match header is required: send the ETag that the last GET answered.',
  )

export const preconditionFailed = (): ApiError =>
  new ApiError(
    { status: 412, code: 'precondition.failed' },
    'The resource has changed since it was read. Read it again and repeat the change with its new ETag.',
  )

/** Other requests changed the same thing at the same time, again and again. */
export const conflict = (): ApiError =>
  new ApiError(
    { status: 409, code: 'resource.conflict' },
    'Others are changing the resource. Repeat the request.',
  )

export const rateLimitExceeded = (waitMs: number): ApiError =>
  new ApiError(
    {
      status: 429,
      code: 'rate.limit.exceeded',
      headers: { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) },
    },
    'Too many requests. Repeat the request later.',
  )

export const notFound = (code = 'notfound', message = 'Requested resource could not be found.'): ApiError =>
  new ApiError({ status: 404, code }, message)

export const collectorNotFound = (): ApiError =>
  notFound('collectors.collector.invalid', 'The specified Collector ID is invalid.')

export const sourceNotFound = (): ApiError =>
  notFound('collectors.source.invalid', 'The specified Source ID is invalid.')

export const methodUnsupported = (allowed: readonly string[]): ApiError =>
  new ApiError(
    { status: 405, code: 'method.unsupported', headers: { allow: allowed.join(', ') } },
    'Unsupported method for URL.',
  )

export const nameTaken = (): ApiError =>
  badRequest('collectors.validation.name.duplicate', 'A resource with the same name already exists.')

const GENERIC_CODE = 'collectors.validation.invalid'

/** All faults of a request in one answer: in the message for people, and as a list for programs. */
export function invalid(faults: readonly FieldFault[]): ApiError {
  const [code = GENERIC_CODE, ...others] = new Set(faults.map(fault => fault.code ?? GENERIC_CODE))
  const message = faults.map(fault => `${fault.field}: ${fault.message}`).join('; ')
  const wire = { status: 400, code: others.length === 0 ? code : GENERIC_CODE }
  return new ApiError(wire, `${message}.`, faults)
}
