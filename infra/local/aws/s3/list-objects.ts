import { type Answer, type HttpCall, ServiceError } from '../gateway/service.ts'
import type { ObjectStore } from './object-store.ts'
import { xmlDocument } from './xml.ts'

const MAX_KEYS = 1000
const PARAMETERS = new Set(['list-type', 'prefix', 'continuation-token', 'max-keys', 'x-id'])

/** Carries out ListObjectsV2 by prefix, in pages of at most 1000 keys. */
export async function listObjects(call: HttpCall, bucket: string, store: ObjectStore): Promise<Answer> {
  const unknown = [...call.query.keys()].filter(name => !PARAMETERS.has(name))
  if (unknown.length > 0) {
    const message = `The local stage does not emulate ${unknown.join(', ')} of ListObjectsV2`
    throw new ServiceError('NotImplemented', message, 501)
  }
  const prefix = call.query.get('prefix') ?? ''
  const limit = Math.min(Number(call.query.get('max-keys') ?? MAX_KEYS), MAX_KEYS)
  const after = readLastKey(call.query)
  const following = (await store.keys(prefix)).filter(key => Buffer.compare(Buffer.from(key), after) > 0)
  const keys = following.slice(0, limit)
  const truncated = following.length > keys.length
  const body = xmlDocument('ListBucketResult', {
    Name: bucket,
    Prefix: prefix,
    KeyCount: keys.length,
    MaxKeys: limit,
    IsTruncated: truncated,
    ...(truncated ? { NextContinuationToken: Buffer.from(keys.at(-1) ?? '').toString('base64url') } : {}),
    Contents: await Promise.all(keys.map(key => createEntry(store, key))),
  })
  return { status: 200, headers: { 'content-type': 'application/xml' }, body }
}

/** The continuation token is the last key of the page before. */
function readLastKey(query: URLSearchParams): Buffer {
  return Buffer.from(query.get('continuation-token') ?? '', 'base64url')
}

async function createEntry(store: ObjectStore, key: string) {
  const facts = (await store.get(key))?.facts
  return {
    Key: key,
    LastModified: new Date(facts?.modifiedMs ?? 0).toISOString(),
    ETag: `"${facts?.etag}"`,
    Size: facts?.size ?? 0,
    StorageClass: 'STANDARD',
  }
}
