import type { IncomingHttpHeaders } from 'node:http'

export interface HttpRequest {
  readonly method: string
  /** As in the request line: path and query, percent-encoded. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly sourceIp: string
}

/** Path and query of a request line, percent-encoded as they came; the query is empty if there is none. */
export function pathAndQuery(target: string): readonly [path: string, query: string] {
  const at = target.indexOf('?')
  return at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)]
}
