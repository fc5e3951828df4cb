import { type Answer, type HttpCall, ServiceError } from '../gateway/service.ts'
import type { ObjectStore } from './object-store.ts'

/**
 * Throws AccessDenied unless the caller has s3:ListBucket. As in S3, only then may the caller learn that a key is
 * missing.
 */
type RequireListing = () => void

/** Carries out GetObject, and HeadObject, which has the same headers and no body. */
export async function getObject(
  call: HttpCall,
  key: string,
  store: ObjectStore,
  requireListing: RequireListing,
): Promise<Answer> {
  const object = await store.get(key)
  if (!object) {
    requireListing()
    throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404)
  }
  const { facts, body } = object
  const wantsChecksum = call.headers['x-amz-checksum-mode'] === 'ENABLED'
  const headers = Object.entries(facts.headers).filter(
    ([name]) => wantsChecksum || !name.startsWith('x-amz-checksum-'),
  )
  return {
    status: 200,
    headers: {
      ...Object.fromEntries(headers),
      'content-length': String(facts.size),
      etag: `"${facts.etag}"`,
      'last-modified': new Date(facts.modifiedMs).toUTCString(),
    },
    ...(call.method === 'HEAD' ? {} : { body }),
  }
}
