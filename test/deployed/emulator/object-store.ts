import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { crc32 } from 'node:zlib'
import { type EmulatedService, Refusal } from './service.ts'

interface StoredObject {
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
}

export interface ObjectStore extends EmulatedService {
  /** By key. */
  readonly objects: ReadonlyMap<string, StoredObject>
}

const METADATA = 'x-amz-meta-'
const MAX_METADATA_BYTES = 2048

/** Headers that the operations below use, or that do not matter to them. */
const KNOWN =
  /^x-amz-(meta-[\w-]+|content-sha256|date|security-token|user-agent|checksum-crc32|checksum-mode|sdk-checksum-algorithm)$/

const withPrefix = (headers: IncomingHttpHeaders, prefix: string) =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name, String(value)]),
  )

function verified(body: Buffer, headers: IncomingHttpHeaders): void {
  const digest = createHash('sha256').update(body).digest('hex')
  if (headers['x-amz-content-sha256'] !== digest)
    throw new Refusal('XAmzContentSHA256Mismatch', 'The body is not the one that was signed.')
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  if ((headers['x-amz-checksum-crc32'] ?? checksum.toString('base64')) !== checksum.toString('base64'))
    throw new Refusal('BadDigest', 'The body is not that of the checksum.')
}

/** S3 in path style, as far as writing and reading whole objects needs it. */
export function objectStore(
  buckets: readonly string[],
  tellUnknown: (what: string) => void,
  { keepsBodies }: { readonly keepsBodies: boolean },
): ObjectStore {
  const objects = new Map<string, StoredObject>()

  function create(key: string, body: Buffer, headers: IncomingHttpHeaders): void {
    verified(body, headers)
    const condition = headers['if-none-match']
    if (condition === '*' && objects.has(key))
      throw new Refusal('PreconditionFailed', 'At least one of the pre-conditions did not hold', 412)
    const metadata = withPrefix(headers, METADATA)
    const size = Object.entries(metadata)
      .flatMap(([name, value]) => [name.slice(METADATA.length), value])
      .join('')
    if (size.length > MAX_METADATA_BYTES)
      throw new Refusal('MetadataTooLarge', 'Your metadata headers exceed 2 KB')
    const type = headers['content-type'] ?? 'binary/octet-stream'
    objects.set(key, {
      body: keepsBodies ? body : Buffer.alloc(0),
      headers: { ...metadata, 'content-type': type },
    })
  }

  function existing(key: string): StoredObject {
    const object = objects.get(key)
    if (!object) throw new Refusal('NoSuchKey', 'The specified key does not exist.', 404)
    return object
  }

  async function perform(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://s3')
    const [, bucket = '', ...parts] = pathname.split('/').map(decodeURIComponent)
    const key = parts.join('/')
    const strange = [
      ...[...searchParams.keys()].filter(name => name !== 'x-id'),
      ...Object.keys(withPrefix(request.headers, 'x-amz-')).filter(name => !KNOWN.test(name)),
    ]
    const isKnown =
      ['GET', 'HEAD', 'PUT'].includes(request.method ?? '') && key !== '' && buckets.includes(bucket)
    if (!isKnown || strange.length > 0) {
      tellUnknown(`S3 ${request.method} ${request.url} ${strange.join(' ')}`)
      throw new Refusal('NotImplemented', 'not emulated', 501)
    }
    if (request.method === 'PUT') {
      create(key, await buffer(request), request.headers)
      response.writeHead(200).end()
      return
    }
    const { body, headers } = existing(key)
    response.writeHead(200, { ...headers, 'content-length': body.length })
    response.end(request.method === 'GET' ? body : undefined)
  }

  return {
    objects,
    async handle(request, response) {
      try {
        await perform(request, response)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        const { code, message, status } = error
        const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`
        response.writeHead(status, { 'content-type': 'application/xml' })
        response.end(request.method === 'HEAD' ? undefined : body)
      }
    },
  }
}
