import type { MiddlewareObj, Request } from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { AdminPorts } from '../admin-ports.ts'

export type AdminRequest = APIGatewayProxyEventV2
export type AdminResult = APIGatewayProxyStructuredResultV2

/** What a call answers, beside its status. One entity comes with its tag (docs/reference/management-api.md, "ETags"). */
export interface Answer {
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** The status of the answer is declared with the route. */
export type Handler = (ports: AdminPorts, request: AdminRequest) => Promise<Answer>

/** Answers show configuration, so no cache between us and the client may keep them. */
const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/** Without a body the answer is empty. */
export const toResult = (status: number, { body, headers }: Answer): AdminResult => ({
  statusCode: status,
  headers: { ...HEADERS, ...headers },
  body: body ? JSON.stringify(body) : '',
})

/** Returns a header of a request whose names were not brought into lower case. */
export function readHeader({ headers }: AdminRequest, name: string): string | undefined {
  const found = Object.keys(headers).find(given => given.toLowerCase() === name)
  return found === undefined ? undefined : headers[found]
}

/** Returns undefined for a text that is not a decimal number: it is nobody's id. */
export function readId(request: AdminRequest, name: string): number | undefined {
  const text = request.pathParameters?.[name] ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * Returns what a path may mean by a name that may hold slashes, the likeliest first. The name may be percent-encoded or
 * not: Terraform encodes no slash, and an HTTP API decodes a path before it passes it on. A client puts a slash behind a
 * name with a dot (docs/reference/management-api.md, "Collectors"), and a name may end with one.
 */
export function readPossibleNames(request: AdminRequest): readonly string[] {
  const text = request.pathParameters?.['name'] ?? ''
  const bare = text.replace(/\/$/, '')
  return [decode(bare), bare, decode(text), text]
}

function dropBody({ event, response }: Request<AdminRequest, AdminResult>): void {
  if (event.requestContext.http.method !== 'HEAD' || !response) return
  response.body = ''
  if (response.isBase64Encoded) response.isBase64Encoded = false
}

/** Answers HEAD like GET, without the body. It must be the first middleware, so that its hooks run last. */
export const bodilessHead = (): MiddlewareObj<AdminRequest, AdminResult> => ({
  after: dropBody,
  onError: dropBody,
})
