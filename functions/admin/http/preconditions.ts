import type { MiddlewareObj } from '@middy/core'
import { ifMatchMissing, preconditionFailed } from './api-error.ts'
import { type AdminRequest, type AdminResult, empty } from './message.ts'

interface Tag {
  readonly tag: string
  readonly weak: boolean
}

const TAG = /(W\/)?("[^"]*")|[^\s,"]+/g

/** The tags of an If-Match or If-None-Match header; those without quotes, which some clients send, with them. */
const tagsOf = (header: string): Tag[] =>
  Array.from(header.matchAll(TAG), ([bare, weak, quoted]) => ({
    tag: quoted ?? `"${bare}"`,
    weak: weak !== undefined,
  }))

const isAny = (header: string): boolean => header.trim() === '*'

/** By the strong comparison: a weak tag is never the same (RFC 9110 §13.1.1). */
const isCurrent = (header: string, etag: string): boolean =>
  isAny(header) || tagsOf(header).some(({ tag, weak }) => tag === etag && !weak)

const isKnown = (header: string, etag: string): boolean =>
  isAny(header) || tagsOf(header).some(({ tag }) => tag === etag)

const ifMatchOf = (request: AdminRequest): string => request.headers['if-match']?.trim() ?? ''

/** For a change that only who knows the entity as it is may make. Throws ApiError 403 without If-Match, 412 if it is stale. */
export function requireMatch(request: AdminRequest, etag: string): void {
  const header = ifMatchOf(request)
  // Terraform sends an empty one when it knows no tag (reference/sumo-api §4.2).
  if (header === '') throw ifMatchMissing()
  if (!isCurrent(header, etag)) throw preconditionFailed()
}

/** For a change that needs no If-Match, but heeds one. Throws ApiError 412. */
export function heedMatch(request: AdminRequest, etag: string): void {
  const header = ifMatchOf(request)
  if (header !== '' && !isCurrent(header, etag)) throw preconditionFailed()
}

const isRead = ({ requestContext }: AdminRequest): boolean =>
  ['GET', 'HEAD'].includes(requestContext.http.method)

/** 304 for a reader that has the entity already: If-None-Match on every answer that carries a tag. */
export const conditionalReads = (): MiddlewareObj<AdminRequest, AdminResult> => ({
  after: request => {
    const known = request.event.headers['if-none-match']
    const etag = request.response?.headers?.['etag']
    if (known === undefined || typeof etag !== 'string' || !isRead(request.event)) return
    if (request.response?.statusCode === 200 && isKnown(known, etag)) request.response = empty(304, { etag })
  },
})
