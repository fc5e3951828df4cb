import { accessHeaders } from './access.ts'

/** What the API answers to a call. `body` is undefined where there is none. */
export interface Answer<Body> {
  readonly status: number
  readonly body: Body | undefined
  readonly etag: string | undefined
  /** Where the rest of a long list is. */
  readonly next: string | undefined
}

/** An answer that is no success, in the words of the API. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  /** By the path of the member, e.g. config.base_url. */
  readonly faults: ReadonlyMap<string, string>

  constructor(status: number, message: string, faults: ReadonlyMap<string, string>) {
    super(message)
    this.status = status
    this.faults = faults
  }
}

interface ErrorBody {
  readonly message?: string
  readonly faults?: readonly { readonly field: string; readonly message: string }[]
  /** The form of fields and health events. */
  readonly errors?: readonly { readonly message: string }[]
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function toRefused(status: number, body: ErrorBody | undefined): Refused {
  const listed = body?.errors?.map(({ message }) => message).join(' ')
  const faults = new Map(body?.faults?.map(({ field, message }) => [field, message]))
  return new Refused(status, body?.message ?? listed ?? `The server answered ${status}.`, faults)
}

interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const TOO_MANY = 429
const PAUSE_MS = 1100
const MOST_TRIES = 4

/** A call above the limit of calls in a second has had no effect. It is made again, in a later second. */
async function fetchWithinLimit(url: string, request: RequestInit): Promise<Response> {
  for (let tries = 1; ; tries += 1) {
    const response = await fetch(url, request)
    if (response.status !== TOO_MANY || tries === MOST_TRIES) return response
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
  }
}

/** Calls the API. `path` is without the prefix, e.g. /collection. Throws Refused, and TypeError without a connection. */
export async function call<Body>(
  path: string,
  { method = 'GET', body, headers }: Call = {},
): Promise<Answer<Body>> {
  const response = await fetchWithinLimit(`/api/v1${path}`, {
    method,
    headers: {
      ...accessHeaders(),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    cache: 'no-store',
    redirect: 'error',
  })
  const answered = parse(await response.text())
  if (!response.ok && response.status !== 304) throw toRefused(response.status, answered as ErrorBody)
  const [, next] = /<\/api\/v1([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '') ?? []
  return {
    status: response.status,
    body: answered as Body | undefined,
    etag: response.headers.get('etag') ?? undefined,
    next,
  }
}
