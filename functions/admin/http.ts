import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'

export type AdminRequest = APIGatewayProxyEventV2
export type AdminResult = APIGatewayProxyStructuredResultV2
export type AdminHandler = (request: AdminRequest) => Promise<AdminResult>

/** Answers show configuration: no cache between us and the client may keep them. */
const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

export const json = (status: number, body: object, headers: Record<string, string> = {}): AdminResult => ({
  statusCode: status,
  headers: { ...HEADERS, ...headers },
  body: JSON.stringify(body),
})

/** An answer that carries one entity also carries its tag (reference/sumo-api §4.2). */
export const entity = (status: number, body: object, etag: string): AdminResult =>
  json(status, body, { etag })

/** Ids are decimal numbers; any other text names nothing. */
export function idParameter(request: AdminRequest, name: string): number | undefined {
  const text = request.pathParameters?.[name] ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
