import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type HttpCall, ServiceError } from './service.ts'

/** What a caller signs with. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

/** What a signature covers beside the request. */
interface Scope {
  /** yyyymmdd */
  readonly date: string
  readonly region: string
  readonly service: string
  readonly signedHeaders: readonly string[]
}

/** The parts of an `AWS4-HMAC-SHA256` authorization header. */
interface Authorization extends Scope {
  readonly accessKeyId: string
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

/** Throws the error that AWS returns, unless the request was signed with this secret and its body is the signed one. */
export function verifySignature(call: HttpCall, authorization: Authorization, secretAccessKey: string): void {
  const declared = header(call, 'x-amz-content-sha256')
  const actual = sha256(call.body)
  if (/^[0-9a-f]{64}$/.test(declared) && declared !== actual) {
    const message = "The provided 'x-amz-content-sha256' header does not match what was computed."
    throw new ServiceError('XAmzContentSHA256Mismatch', message)
  }
  const { service } = authorization
  const signature = computeSignature(call, authorization, secretAccessKey, declared || actual)
  if (!timingSafeEqual(signature, Buffer.from(authorization.signature, 'hex'))) {
    const message = 'The request signature we calculated does not match the signature you provided.'
    const [code, status] =
      service === 's3'
        ? (['SignatureDoesNotMatch', 403] as const)
        : (['InvalidSignatureException', 400] as const)
    throw new ServiceError(code, message, status)
  }
}

function computeSignature(
  call: HttpCall,
  scope: Scope,
  secretAccessKey: string,
  payloadHash: string,
): Buffer {
  const { date, region, service } = scope
  const name = `${date}/${region}/${service}/aws4_request`
  const canonical = canonicalRequest(call, scope, payloadHash)
  const toSign = ['AWS4-HMAC-SHA256', header(call, 'x-amz-date'), name, sha256(canonical)].join('\n')
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
  return hmac(key, toSign)
}

interface Signer {
  readonly credentials: Credentials
  readonly region: string
  /** As its endpoint is called, e.g. `lambda`. */
  readonly service: string
  readonly nowMs: number
}

/** Returns the headers that sign a call. The call's own headers must contain `host`. */
export function signatureHeaders(call: HttpCall, signer: Signer): Record<string, string> {
  const { credentials, region, service, nowMs } = signer
  const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const given = { 'x-amz-date': time, 'x-amz-security-token': credentials.sessionToken }
  const signedHeaders = ['host', ...Object.keys(given)]
  const scope = { date: time.slice(0, 8), region, service, signedHeaders }
  const signed = { ...call, headers: { ...call.headers, ...given } }
  const signature = computeSignature(signed, scope, credentials.secretAccessKey, sha256(call.body)).toString(
    'hex',
  )
  const credential = `${credentials.accessKeyId}/${scope.date}/${region}/${service}/aws4_request`
  const names = signedHeaders.join(';')
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`
  return { ...given, authorization }
}

function canonicalRequest(call: HttpCall, scope: Scope, payloadHash: string): string {
  const headers = scope.signedHeaders.map(name => `${name}:${header(call, name)}\n`)
  // For every service except S3, the signed path is encoded a second time.
  const path = scope.service === 's3' ? call.path : call.path.split('/').map(encode).join('/')
  return [
    call.method,
    path,
    canonicalQuery(call.query),
    headers.join(''),
    scope.signedHeaders.join(';'),
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
