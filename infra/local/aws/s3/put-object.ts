import { type Answer, type HttpCall, ServiceError } from '../gateway/service.ts'
import { md5, type ObjectStore } from './object-store.ts'
import { readPayload } from './payload.ts'

const MAX_METADATA_BYTES = 2048
const METADATA = 'x-amz-meta-'

/** Carries out PutObject. With `If-None-Match: *`, one of several concurrent writers wins and the others get 412. */
export async function putObject(
  call: HttpCall,
  key: string,
  store: ObjectStore,
  nowMs: number,
): Promise<Answer> {
  const condition = call.headers['if-none-match']
  if (condition !== undefined && condition !== '*') {
    throw new ServiceError('NotImplemented', 'If-None-Match of PutObject is * or nothing', 501)
  }
  const metadata = readMetadata(call)
  const { body, checksums } = readPayload(call)
  const etag = md5(body)
  const headers = { ...contentHeaders(call), ...metadata, ...checksums }
  const object = { body, facts: { etag, size: body.length, modifiedMs: nowMs, headers } }
  const outcome = await store.put(key, object, { onlyIfAbsent: condition === '*' })
  if (outcome === 'exists') {
    const message = 'At least one of the pre-conditions you specified did not hold'
    throw new ServiceError('PreconditionFailed', message, 412)
  }
  return { status: 200, headers: { etag: `"${etag}"`, ...checksums } }
}

/** S3 limits the bytes of the names and values of user metadata together. */
function readMetadata(call: HttpCall): Record<string, string> {
  const entries = Object.entries(call.headers)
    .filter(([name]) => name.startsWith(METADATA))
    .map(([name, value]) => [name, String(value)] as const)
  const bytes = entries.reduce(
    (total, [name, value]) =>
      total + Buffer.byteLength(name.slice(METADATA.length)) + Buffer.byteLength(value),
    0,
  )
  if (bytes <= MAX_METADATA_BYTES) return Object.fromEntries(entries)
  const message = `Your metadata headers exceed the maximum allowed metadata size: ${bytes} of ${MAX_METADATA_BYTES} bytes`
  throw new ServiceError('MetadataTooLarge', message)
}

function contentHeaders({ headers }: HttpCall): Record<string, string> {
  const encodings = (headers['content-encoding'] ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '' && name !== 'aws-chunked')
  return {
    'content-type': headers['content-type'] ?? 'application/octet-stream',
    ...(encodings.length > 0 ? { 'content-encoding': encodings.join(',') } : {}),
  }
}
