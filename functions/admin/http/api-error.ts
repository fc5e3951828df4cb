import type { FieldFault } from '../../../shared/domain/source/request-section.ts'

/** What the client is told. */
export interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
  readonly faults?: readonly FieldFault[]
}

/**
 * A refusal that becomes the answer (docs/reference/management-api.md, "Errors and call limits"). Recognise it with
 * `isApiError`.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.refusal = refusal
  }
}

export const isApiError = (error: unknown): error is ApiError =>
  error instanceof Error && error.name === 'ApiError'

/** A function that creates the same refusal again and again. */
const refusal = (status: number, code: string, message: string) => (): ApiError =>
  new ApiError({ status, code, message })

export const badRequest = (code: string, message: string): ApiError => refusal(400, code, message)()

export const unauthorized = refusal(401, 'unauthorized', 'Credential could not be verified.')

export const ifMatchMissing = refusal(
  403,
  'forbidden',
  'The If-Match header is required: send the ETag that the last GET answered.',
)

export const preconditionFailed = refusal(
  412,
  'precondition.failed',
  'The resource has changed since it was read. Read it again and repeat the change with its new ETag.',
)

/** Other requests changed the same thing at the same time, again and again. */
export const conflict = refusal(
  409,
  'resource.conflict',
  'Others are changing the resource. Repeat the request.',
)

export const notFound = refusal(404, 'notfound', 'Requested resource could not be found.')

export const collectorNotFound = refusal(
  404,
  'collectors.collector.invalid',
  'The specified Collector ID is invalid.',
)

export const sourceNotFound = refusal(404, 'collectors.source.invalid', 'The specified Source ID is invalid.')

export const fieldNotFound = refusal(404, 'field:not_found', 'There is no field with the given identifier.')

export const nameTaken = refusal(
  400,
  'collectors.validation.name.duplicate',
  'A resource with the same name already exists.',
)

export const rateLimitExceeded = (waitMs: number): ApiError => {
  const headers = { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) }
  const message = 'Too many requests. Repeat the request later.'
  return new ApiError({ status: 429, code: 'rate.limit.exceeded', message, headers })
}

export const methodUnsupported = (allowed: readonly string[]): ApiError => {
  const headers = { allow: allowed.join(', ') }
  return new ApiError({
    status: 405,
    code: 'method.unsupported',
    message: 'Unsupported method for URL.',
    headers,
  })
}

const GENERIC_CODE = 'collectors.validation.invalid'

/** All faults of a request in one answer: in the message for people, and as a list for programs. */
export function invalid(faults: readonly FieldFault[]): ApiError {
  const [code = GENERIC_CODE, ...others] = new Set(faults.map(fault => fault.code ?? GENERIC_CODE))
  const message = faults.map(fault => `${fault.field}: ${fault.message}`).join('; ')
  const shownCode = others.length === 0 ? code : GENERIC_CODE
  return new ApiError({ status: 400, code: shownCode, message: `${message}.`, faults })
}

export interface Faulty {
  readonly faults: readonly FieldFault[]
}

/** Returns the parts of a request as valid ones. Throws ApiError 400 that names the faults of all of them. */
export function requireValid<Parts extends readonly (Faulty | { readonly faults?: never })[]>(
  ...parts: Parts
): { readonly [Index in keyof Parts]: Exclude<Parts[Index], Faulty> } {
  const faults = parts.flatMap(part => part.faults ?? [])
  if (faults.length > 0) throw invalid(faults)
  return parts as { readonly [Index in keyof Parts]: Exclude<Parts[Index], Faulty> }
}
