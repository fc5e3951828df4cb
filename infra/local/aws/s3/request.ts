import { type HttpCall, notEmulated, ServiceError } from '../gateway/service.ts'

export type S3OperationName = 'PutObject' | 'GetObject' | 'HeadObject' | 'ListObjectsV2'

export interface S3Request {
  readonly operation: S3OperationName
  readonly bucket: string
  /** Empty for the bucket itself. */
  readonly key: string
}

const OBJECT_OPERATIONS: Readonly<Record<string, S3OperationName>> = {
  PUT: 'PutObject',
  GET: 'GetObject',
  HEAD: 'HeadObject',
}

const KNOWN_HEADERS = new Set([
  'x-amz-date',
  'x-amz-content-sha256',
  'x-amz-security-token',
  'x-amz-user-agent',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-decoded-content-length',
  'x-amz-trailer',
])

/** Standard headers that would change what S3 does, and that are not emulated. */
const REFUSED_HEADERS = new Set([
  'range',
  'if-match',
  'if-modified-since',
  'if-unmodified-since',
  'cache-control',
  'content-disposition',
  'content-language',
  'expires',
])

/** Returns which operation a path-style request asks for. Throws for what is not emulated. */
export function readRequest(call: HttpCall): S3Request {
  const [, bucket = '', key = ''] = /^\/([^/]*)(?:\/(.*))?$/s.exec(call.path) ?? []
  const request = { operation: findOperation(call, key), bucket: decodeUri(bucket), key: decodeUri(key) }
  const refused = Object.keys(call.headers).filter(name => isRefused(name, request.operation))
  if (refused.length > 0) throw notEmulated(`${refused.join(', ')} of s3:${request.operation}`)
  return request
}

function findOperation(call: HttpCall, key: string): S3OperationName {
  const parameters = [...call.query.keys()].filter(name => name !== 'x-id')
  const operation = key === '' ? undefined : OBJECT_OPERATIONS[call.method]
  if (operation && parameters.length === 0) return operation
  if (key === '' && call.method === 'GET' && call.query.get('list-type') === '2') return 'ListObjectsV2'
  const what = key === '' ? 'a bucket' : 'an object'
  throw notEmulated(`s3: ${[call.method, ...parameters].join(' ')} of ${what}`)
}

function isRefused(name: string, operation: S3OperationName): boolean {
  if (name === 'if-none-match') return operation !== 'PutObject'
  if (name.startsWith('x-amz-meta-') || name.startsWith('x-amz-checksum-')) return false
  return REFUSED_HEADERS.has(name) || (name.startsWith('x-amz-') && !KNOWN_HEADERS.has(name))
}

function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new ServiceError('InvalidURI', "Couldn't parse the specified URI.")
  }
}
