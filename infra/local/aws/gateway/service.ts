import type { IncomingHttpHeaders } from 'node:http'

/** A request to a service. */
export interface HttpCall {
  readonly method: string
  /** Percent-encoded, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer | string
}

/** What the caller must be allowed to do. */
export interface Need {
  /** e.g. `dynamodb:UpdateItem` */
  readonly action: string
  readonly resource: string
  /** The service that acts in the caller's name, e.g. `s3`. It is needed for the use of keys. */
  readonly via?: string
  /** The partition key of the item, as a text. Only an operation on one item of a table has one. */
  readonly leadingKey?: string
}

export interface Operation {
  /** As the API calls it, e.g. `PutObject`. */
  readonly name: string
  /** At least one. The first names the resource that the operation is about. */
  readonly needs: readonly [Need, ...Need[]]
  perform(): Promise<Answer>
}

export interface Service {
  /** As the credential scope of a signature spells it, e.g. `s3`. */
  readonly name: string
  /** Throws ServiceError for what it does not know. `require` throws AccessDenied for what the caller may not do. */
  operation(call: HttpCall, require: (need: Need) => void): Operation
  failure(error: ServiceError, call: HttpCall): Answer
  close(): Promise<void>
}

/** An error that a service returns. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

export const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && error.name === 'ServiceError'

/** Creates the error for an operation that AWS has and the emulator does not. */
export const notEmulated = (operation: string, status = 501): ServiceError =>
  new ServiceError('NotImplemented', `The local stage does not emulate ${operation}`, status)
