import { type Answer, type HttpCall, ServiceError } from './service.ts'

/** Input of the AWS JSON protocols 1.0 and 1.1, which have the operation in a header and one JSON object each way. */
export type JsonInput = Readonly<Record<string, unknown>>

/** e.g. `DynamoDB_20120810.UpdateItem` → `UpdateItem` */
export const operationName = (call: HttpCall): string =>
  String(call.headers['x-amz-target'] ?? '')
    .split('.')
    .at(-1) ?? ''

export function jsonInput(call: HttpCall): JsonInput {
  const input = parseJson(call.body.toString('utf8'))
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new ServiceError('SerializationException', 'The request body is not a JSON object')
  }
  return input as JsonInput
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const jsonAnswer = (call: HttpCall, output: object, status = 200): Answer => ({
  status,
  headers: { 'content-type': call.headers['content-type'] ?? 'application/x-amz-json-1.1' },
  body: JSON.stringify(output),
})

/** Formats an error. The JSON services have a name of their own for a call that is not allowed. */
export function jsonFailure(error: ServiceError, call: HttpCall): Answer {
  const refused = error.code === 'AccessDenied'
  const code = refused ? 'AccessDeniedException' : error.code
  const answer = jsonAnswer(call, { __type: code, message: error.message }, refused ? 400 : error.status)
  return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': code } }
}

/** Throws an error that names the members which are not emulated, rather than ignore them. */
export function refuseUnknownMembers(operation: string, input: JsonInput, known: ReadonlySet<string>): void {
  const unknown = Object.keys(input).filter(member => !known.has(member))
  if (unknown.length === 0) return
  throw new ServiceError(
    'ValidationException',
    `The local stage does not emulate ${unknown.join(', ')} of ${operation}`,
  )
}
