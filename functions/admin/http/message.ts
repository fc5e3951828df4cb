import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'

export type AdminRequest = APIGatewayProxyEventV2
export type AdminResult = APIGatewayProxyStructuredResultV2
export type AdminHandler = (request: AdminRequest) => Promise<AdminResult>

type Headers = Readonly<Record<string, string>>

/** Answers show configuration: no cache between us and the client may keep them. */
const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

export const json = (status: number, body: object, headers: Headers = {}): AdminResult => ({
  statusCode: status,
  headers: { ...HEADERS, ...headers },
  body: JSON.stringify(body),
})

/** An answer that carries one entity also carries its tag (reference/sumo-api §4.2). */
export const entity = (status: number, body: object, etag: string): AdminResult =>
  json(status, body, { etag })

export const empty = (status: number, headers: Headers = {}): AdminResult => ({
  statusCode: status,
  headers: { ...HEADERS, ...headers },
  body: '',
})

/** Ids are decimal numbers; any other text names nothing. */
export function idParameter(request: AdminRequest, name: string): number | undefined {
  const text = request.pathParameters?.[name] ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** A part of the path that is a name: it comes percent-encoded. One that is broken stands for itself. */
export function nameParameter(request: AdminRequest, name: string): string {
  const text = request.pathParameters?.[name] ?? ''
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
