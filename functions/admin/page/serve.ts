import type { PageFile } from '../../../shared/contract/page-files.ts'
import { loggableError } from '../../../shared/domain/failure/loggable-error.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { chooseEncoding } from '../http/content-encoding.ts'
import { isNamed } from '../http/entity-tag.ts'
import { type AdminRequest, type AdminResult, readHeader } from '../http/message.ts'

/** The page runs nothing and loads nothing but its own files, and no other page may show it. */
const POLICY = [
  "default-src 'none'",
  ...['script-src', 'style-src', 'img-src', 'connect-src'].map(what => `${what} 'self'`),
  ...['base-uri', 'form-action', 'frame-ancestors'].map(what => `${what} 'none'`),
].join('; ')

const HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** Files below it are named after their content, and never change. */
const ASSETS = '/assets/'

const FOR_EVER = 'public, max-age=31536000, immutable'
const ASK_AGAIN = 'no-cache'

const refuse = (statusCode: number, body: string): AdminResult => ({
  statusCode,
  headers: { ...HEADERS, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: `${body}\n`,
})

const NO_FILE = 'There is no such file. Load the page again: it may have been deployed anew.'

async function toResult({ page }: AdminPorts, request: AdminRequest, file: PageFile): Promise<AdminResult> {
  const { path } = request.requestContext.http
  const encoding = chooseEncoding(readHeader(request, 'accept-encoding'))
  const etag = `"${file.digest}-${encoding}"`
  const headers = {
    ...HEADERS,
    'cache-control': path.startsWith(ASSETS) ? FOR_EVER : ASK_AGAIN,
    vary: 'accept-encoding',
    etag,
  }
  const known = readHeader(request, 'if-none-match')
  if (known !== undefined && isNamed(known, etag, 'weak')) return { statusCode: 304, headers, body: '' }
  const body = Buffer.from(await page.read(file, encoding)).toString('base64')
  const described = {
    ...headers,
    'content-type': file.type,
    ...(encoding !== 'identity' && { 'content-encoding': encoding }),
  }
  return { statusCode: 200, headers: described, body, isBase64Encoded: true }
}

async function answer(ports: AdminPorts, request: AdminRequest): Promise<AdminResult> {
  const { path } = request.requestContext.http
  try {
    const file = await ports.page.find(path)
    return file ? await toResult(ports, request, file) : refuse(404, NO_FILE)
  } catch (error) {
    ports.log.error('a file of the page cannot be read', { path, error: loggableError(error) })
    return refuse(500, 'The page cannot be read.')
  }
}

/**
 * Answers with a file of the page, without asking who wants it: the files hold no data. Returns undefined for a request
 * that is not for the page.
 */
export async function servePage(ports: AdminPorts, request: AdminRequest): Promise<AdminResult | undefined> {
  const { method, path } = request.requestContext.http
  const isForPage = path === '/' || path.startsWith(ASSETS)
  if (!isForPage || (method !== 'GET' && method !== 'HEAD')) return undefined
  const answered = await answer(ports, request)
  return method === 'GET' ? answered : { ...answered, body: '', isBase64Encoded: false }
}
