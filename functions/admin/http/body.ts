import { isJsonObject, type JsonObject } from '../../../shared/domain/source/request-section.ts'
import { ApiError, badRequest } from './api-error.ts'
import type { AdminRequest } from './message.ts'

/** The largest valid source is below 160 KB: 20 processing rules of 1,000 characters, six bytes each. */
const MAX_BYTES = 256 * 1024

const JSON_TYPE = /^(?:application|text)\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i

const UTF_8 = new TextDecoder('utf-8', { fatal: true })

const malformed = (what: string): ApiError => badRequest('request.body.invalid', what)

function checkType(request: AdminRequest): void {
  const type = request.headers['content-type']
  // curl -T sends none
  if (type === undefined || JSON_TYPE.test(type)) return
  const message = 'Invalid content type. Send application/json.'
  throw new ApiError({ status: 415, code: 'contenttype.invalid', message })
}

/** The parser's own text quotes the body, which may hold the token. Only the position is passed on. */
function describePosition(error: unknown): string {
  const [, line, column] = /\(line (\d+) column (\d+)\)$/.exec(String(error)) ?? []
  return line === undefined ? '' : ` See line ${line}, column ${column}.`
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(UTF_8.decode(bytes))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw malformed('The request body is not valid UTF-8.')
    throw malformed(`The request body is not valid JSON.${describePosition(error)}`)
  }
}

function readBytes(request: AdminRequest): Buffer {
  const bytes = Buffer.from(request.body ?? '', request.isBase64Encoded ? 'base64' : 'utf8')
  if (bytes.length <= MAX_BYTES) return bytes
  const message = `The request body must be at most ${MAX_BYTES} bytes long.`
  throw new ApiError({ status: 413, code: 'request.body.size', message })
}

/** Returns the JSON object in the body; `wanted` shows its form to the client. Throws ApiError 400, 413, 415. */
export function readObject(request: AdminRequest, wanted: string): JsonObject {
  const bytes = readBytes(request)
  if (bytes.length === 0) throw malformed(`A request body is required: ${wanted}.`)
  checkType(request)
  const body = parse(bytes)
  if (isJsonObject(body)) return body
  throw malformed(`The request body must be a JSON object: ${wanted}.`)
}

/**
 * Returns the object under `name` in the body, e.g. {"source":{…}}. Other members are ignored. Throws as
 * `readObject`.
 */
export function readEntity(request: AdminRequest, name: string): JsonObject {
  const wanted = `{"${name}":{…}}`
  const body = readObject(request, wanted)
  const entity = Object.hasOwn(body, name) ? body[name] : undefined
  if (isJsonObject(entity)) return entity
  throw malformed(`The request body must be a JSON object with one ${name}: ${wanted}.`)
}
