import { type InvocationResult, MAX_EVENT_BYTES } from '../invocation.ts'

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Buffer | string
}

/** AWS sets these headers itself. If a function sets one, AWS passes it on under another name. */
const REMAPPED = new Set([
  'connection',
  'content-length',
  'date',
  'host',
  'server',
  'transfer-encoding',
  'www-authenticate',
])

/** Header names and values that HTTP allows. Any other would break the connection. */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

export const toMessageAnswer = (status: number, message: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ Message: message }),
})

/** The answer to a request whose body, or whose event, is larger than a function takes. */
export const REQUEST_TOO_LARGE = toMessageAnswer(
  413,
  `Request must be smaller than ${MAX_EVENT_BYTES} bytes for the InvokeFunctionUrl operation`,
)

const BROKEN = toMessageAnswer(502, 'Internal Server Error')

const toSentName = (name: string): string => (REMAPPED.has(name) ? `x-amzn-remapped-${name}` : name)

interface Formatted {
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, unknown>>
  readonly cookies?: readonly unknown[]
  readonly body?: unknown
  readonly isBase64Encoded?: unknown
}

const isFormatted = (value: unknown): value is Formatted =>
  typeof value === 'object' && value !== null && 'statusCode' in value

function toFormattedAnswer({
  statusCode,
  headers = {},
  cookies = [],
  body,
  isBase64Encoded,
}: Formatted): HttpAnswer {
  const named = Object.entries(headers).map(
    ([name, value]) => [toSentName(name.toLowerCase()), String(value)] as const,
  )
  const valid =
    Number.isInteger(statusCode) &&
    statusCode >= 200 &&
    statusCode <= 599 &&
    named.every(([name, value]) => HEADER_NAME.test(name) && HEADER_VALUE.test(value))
  if (!valid) return BROKEN
  const text =
    body === undefined || body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  return {
    status: statusCode,
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries(named),
      ...(cookies.length > 0 && { 'set-cookie': cookies.map(String) }),
    },
    body: isBase64Encoded === true ? Buffer.from(text, 'base64') : text,
  }
}

/** Returns the HTTP answer of a function URL for the result of its function. */
export function toHttpAnswer(result: InvocationResult): HttpAnswer {
  if (result.functionError) return BROKEN
  const value: unknown = JSON.parse(result.payload)
  if (isFormatted(value)) return toFormattedAnswer(value)
  const body = typeof value === 'string' ? value : result.payload
  return { status: 200, headers: { 'content-type': 'application/json' }, body }
}
