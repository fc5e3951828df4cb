import { createHash } from 'node:crypto'
import type { MiddlewareObj } from '@middy/core'
import { isJsonObject } from '../../../shared/domain/source/request-section.ts'
import { ifMatchMissing, preconditionFailed } from './api-error.ts'
import { type AdminRequest, type AdminResult, toResult } from './message.ts'

/** DynamoDB returns the members of a map in any order. */
const sortMembers = (_key: string, value: unknown): unknown =>
  isJsonObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value

/**
 * Returns 32 hex digits in quotes (docs/reference/management-api.md, "ETags"). Pass configuration only: if the tag
 * changed with the state, the updates of all clients would fail.
 */
export const createEntityTag = (configuration: object): string =>
  createContentTag(JSON.stringify(configuration, sortMembers))

/** Returns a tag of the same form for an answer as a whole. */
export const createContentTag = (content: string | Uint8Array): string =>
  `"${createHash('sha256').update(content).digest('hex').slice(0, 32)}"`

const TAG = /(W\/)?("[^"]*")|[^\s,"]+/g

/**
 * Tells whether an If-Match or If-None-Match header names the tag. Only the weak comparison lets a weak tag match (RFC
 * 9110, section 8.8.3.2). Some clients send tags without quotes: quotes are added to them.
 */
export function isNamed(header: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  if (header.trim() === '*') return true
  return Array.from(header.matchAll(TAG)).some(([bare, weak, quoted = `"${bare}"`]) => {
    const isComparable = comparison === 'weak' || weak === undefined
    return isComparable && quoted === etag
  })
}

/** For a change that needs no If-Match. If there is one, it must be current. Throws ApiError 412. */
export function allowMatch(request: AdminRequest, etag: string): void {
  const header = request.headers['if-match']?.trim() ?? ''
  if (header !== '' && !isNamed(header, etag, 'strong')) throw preconditionFailed()
}

/** For a change that needs the current tag. Throws ApiError 403 without If-Match, 412 if the tag is stale. */
export function requireMatch(request: AdminRequest, etag: string): void {
  // Terraform sends an empty one when it knows no tag (docs/reference/management-api.md, "ETags").
  if (!request.headers['if-match']?.trim()) throw ifMatchMissing()
  allowMatch(request, etag)
}

const isRead = ({ requestContext }: AdminRequest): boolean =>
  ['GET', 'HEAD'].includes(requestContext.http.method)

/** Answers 304 if the client has the entity already: If-None-Match works for every answer with a tag. */
export const conditionalReads = (): MiddlewareObj<AdminRequest, AdminResult> => ({
  after: request => {
    const known = request.event.headers['if-none-match']
    const etag = request.response?.headers?.['etag']
    if (known === undefined || typeof etag !== 'string' || !isRead(request.event)) return
    if (request.response?.statusCode === 200 && isNamed(known, etag, 'weak'))
      request.response = toResult(304, { headers: { etag } })
  },
})
