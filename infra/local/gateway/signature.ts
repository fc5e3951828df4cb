import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type HttpCall, ServiceError } from './service.ts'

/** The parts of an `AWS4-HMAC-SHA256` authorization header. */
export interface Authorization {
  readonly accessKeyId: string
  readonly date: string
  readonly region: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/

export function readAuthorization(header: string | undefined): Authorization | undefined {
  const match = AUTHORIZATION.exec(header ?? '')
  if (!match) return undefined
  const [, accessKeyId = '', date = '', region = '', service = '', names = '', signature = ''] = match
  return { accessKeyId, date, region, service, signedHeaders: names.split(';'), signature }
}

/** Throws the answer AWS gives unless the request was signed with this secret and its body is the one signed. */
export function verifySignature(call: HttpCall, authorization: Authorization, secretAccessKey: string): void {
  const declared = header(call, 'x-amz-content-sha256')
  const actual = sha256(call.body)
  if (/^[0-9a-f]{64}$/.test(declared) && declared !== actual) {
    const message = "The provided 'x-amz-content-sha256' header does not match what was computed."
    throw new ServiceError('XAmzContentSHA256Mismatch', message)
  }
  const { date, region, service } = authorization
  const scope = `${date}/${region}/${service}/aws4_request`
  const canonical = canonicalRequest(call, authorization, declared || actual)
  const toSign = ['AWS4-HMAC-SHA256', header(call, 'x-amz-date'), scope, sha256(canonical)].join('\n')
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
  if (!timingSafeEqual(hmac(key, toSign), Buffer.from(authorization.signature, 'hex'))) {
    const message = 'The request signature we calculated does not match the signature you provided.'
    const [code, status] =
      service === 's3'
        ? (['SignatureDoesNotMatch', 403] as const)
        : (['InvalidSignatureException', 400] as const)
    throw new ServiceError(code, message, status)
  }
}

function canonicalRequest(call: HttpCall, authorization: Authorization, payloadHash: string): string {
  const headers = authorization.signedHeaders.map(name => `${name}:${header(call, name)}\n`)
  // Every service but S3 signs its path encoded a second time.
  const path = authorization.service === 's3' ? call.path : call.path.split('/').map(encode).join('/')
  return [
    call.method,
    path,
    canonicalQuery(call.query),
    headers.join(''),
    authorization.signedHeaders.join(';'),
    payloadHash,
  ].join('\n')
}

const canonicalQuery = (query: URLSearchParams): string =>
  [...query]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&')

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

const header = (call: HttpCall, name: string): string =>
  [call.headers[name] ?? ''].flat().join(',').trim().replace(/ +/g, ' ')

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')

const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest()
