import type { Feature } from '../../../shared/contract/apis.ts'

/** One request as the account saw it, without its token. */
export interface LoggedRequest {
  /** Epoch milliseconds of the account's clock. */
  readonly at: number
  readonly method: string
  readonly path: string
  readonly feature?: Feature
  /** 0 if no status reached the client. */
  readonly status: number
  readonly mode: string
  readonly body: string
}

export interface RequestLog {
  /** The last requests, oldest first. */
  readonly requests: readonly LoggedRequest[]
  /** Counts all requests by feature (or path) and status, for example `auditevents 200`. */
  counters(): Readonly<Record<string, number>>
  add(request: LoggedRequest): void
}

const MAX_KEPT = 10_000

export function createRequestLog(): RequestLog {
  const requests: LoggedRequest[] = []
  const counts = new Map<string, number>()
  return {
    requests,
    counters: () => Object.fromEntries(counts),
    add(request) {
      requests.push(request)
      if (requests.length > MAX_KEPT) requests.shift()
      const name = `${request.feature ?? request.path} ${request.status}`
      if (counts.has(name) || counts.size < MAX_KEPT) counts.set(name, (counts.get(name) ?? 0) + 1)
    },
  }
}
