import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { type HttpCall, ServiceError } from '../gateway/service.ts'

/** A decoded body with the checksums that came with it. */
interface Payload {
  readonly body: Buffer
  /** `x-amz-checksum-…` headers and trailers, verified. */
  readonly checksums: Readonly<Record<string, string>>
}

const CHECKSUM = 'x-amz-checksum-'

function crc32Digest(body: Buffer): string {
  const digest = Buffer.alloc(4)
  digest.writeUInt32BE(crc32(body))
  return digest.toString('base64')
}

/** Decodes aws-chunked bodies and verifies every checksum. Throws BadDigest if one differs. */
export function readPayload(call: HttpCall): Payload {
  const { body, trailers } = isChunked(call) ? decodeChunks(call.body) : { body: call.body, trailers: {} }
  const declared = Object.entries({ ...call.headers, ...trailers }).filter(
    ([name]) => name.startsWith(CHECKSUM) && name !== `${CHECKSUM}mode`,
  )
  for (const [name, value] of declared) verify(name, String(value), body)
  const md5 = call.headers['content-md5']
  if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64'))
    throw badDigest('Content-MD5')
  return { body, checksums: Object.fromEntries(declared.map(([name, value]) => [name, String(value)])) }
}

function verify(name: string, value: string, body: Buffer): void {
  if (name !== `${CHECKSUM}crc32`)
    throw new ServiceError('NotImplemented', `The local stage does not verify ${name}`, 501)
  if (crc32Digest(body) !== value) throw badDigest('CRC32')
}

const badDigest = (name: string): ServiceError =>
  new ServiceError('BadDigest', `The ${name} you specified did not match the calculated checksum.`)

const isChunked = ({ headers }: HttpCall): boolean =>
  String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-')

interface Decoded {
  readonly body: Buffer
  readonly trailers: Readonly<Record<string, string>>
}

/** `size-in-hex[;extension] CRLF data CRLF …`, a chunk of size 0, then trailers as lines. */
function decodeChunks(encoded: Buffer): Decoded {
  const chunks: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = encoded.indexOf('\r\n', at)
    const size = Number.parseInt(encoded.toString('latin1', at, lineEnd), 16)
    const start = lineEnd + 2
    if (lineEnd < 0 || Number.isNaN(size) || start + size > encoded.length) {
      throw new ServiceError('IncompleteBody', 'The request body terminated unexpectedly')
    }
    if (size === 0)
      return { body: Buffer.concat(chunks), trailers: parseTrailers(encoded.toString('latin1', start)) }
    chunks.push(encoded.subarray(start, start + size))
    at = start + size + 2
  }
}

function parseTrailers(text: string): Record<string, string> {
  const lines = text.split('\r\n').filter(line => line.includes(':'))
  return Object.fromEntries(
    lines.map(line => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  )
}
