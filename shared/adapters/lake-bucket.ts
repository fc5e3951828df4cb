import { createHash } from 'node:crypto'
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { CURSORS_PREFIX } from '../contract/lake-layout.ts'
import type { PageRecord } from '../domain/stream/page-record.ts'
import type { Lake } from '../ports.ts'

/** User metadata of an object may hold 2 KB in all, so a longer cursor goes into an object of its own. */
const MAX_INLINE_CURSOR = 1024
const CONFLICT_ROUNDS = 5

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode

async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (statusOf(error) === 404) return undefined
    throw error
  }
}

const cursorKey = (cursor: string): string =>
  `${CURSORS_PREFIX}${createHash('sha256').update(cursor).digest('hex')}`

const TEXTS = {
  asked: 'asked',
  link: 'link',
  previousKey: 'previous-key',
  firstTimestamp: 'first-timestamp',
  lastTimestamp: 'last-timestamp',
  newest: 'newest-timestamp',
} as const satisfies Partial<Record<keyof PageRecord, string>>

type Texts = { -readonly [K in keyof typeof TEXTS]: string }

const textNames = Object.entries(TEXTS) as [keyof Texts, string][]

/** Metadata travels in headers, which are ASCII. */
function metadataOf(record: PageRecord, encodedCursor: string): Record<string, string> {
  const inline = encodedCursor.length <= MAX_INLINE_CURSOR
  const cursor = inline
    ? { 'next-cursor': encodedCursor }
    : { 'next-cursor-key': cursorKey(record.nextCursor) }
  const texts = textNames.flatMap(([member, name]) => {
    const text = record[member]
    return text === undefined ? [] : [[name, text] as const]
  })
  const counts = { count: `${record.count}`, 'late-count': `${record.lateCount}` }
  return { ...cursor, ...Object.fromEntries(texts), chain: `${record.chain}`, ...counts }
}

function textsOf(metadata: Record<string, string>): Texts {
  const texts = textNames.flatMap(([member, name]) =>
    metadata[name] === undefined ? [] : [[member, metadata[name]]],
  )
  return Object.fromEntries(texts)
}

/** The lake in S3. */
export function lakeBucket(client: S3Client, bucket: string): Lake {
  const at = (key: string) => ({ Bucket: bucket, Key: key })

  async function recordOf(metadata: Record<string, string> = {}): Promise<PageRecord> {
    const { 'next-cursor': inline, 'next-cursor-key': elsewhere, chain, count, 'late-count': late } = metadata
    const nextCursor = inline === undefined ? await textAt(elsewhere ?? '') : decodeURIComponent(inline)
    // Older objects do not say how many were late.
    const counts = { count: Number(count), lateCount: Number(late ?? 0) }
    return { ...textsOf(metadata), chain: Number(chain), ...counts, nextCursor }
  }

  async function textAt(key: string): Promise<string> {
    const { Body } = await client.send(new GetObjectCommand(at(key)))
    return (await Body?.transformToString('utf-8')) ?? ''
  }

  async function createOnce(key: string, body: Uint8Array, metadata: Record<string, string>) {
    const object = {
      ...at(key),
      Body: body,
      Metadata: metadata,
      IfNoneMatch: '*',
      ContentType: 'application/x-ndjson',
    }
    for (let round = 1; ; round++) {
      try {
        await client.send(new PutObjectCommand(object))
        return 'created' as const
      } catch (error) {
        if (statusOf(error) === 412) return 'exists' as const
        if (statusOf(error) !== 409 || round === CONFLICT_ROUNDS) throw error
      }
    }
  }

  return {
    async create(key, body, record) {
      const encoded = encodeURIComponent(record.nextCursor)
      const metadata = metadataOf(record, encoded)
      const aside = metadata['next-cursor-key']
      // Named by its content and written first: whichever object stands, its own cursor is there to be read.
      if (aside) await client.send(new PutObjectCommand({ ...at(aside), Body: record.nextCursor }))
      return createOnce(key, body, metadata)
    },

    record: key =>
      unlessMissing(async () => recordOf((await client.send(new HeadObjectCommand(at(key)))).Metadata)),

    read: key =>
      unlessMissing(async () => {
        const { Body, Metadata } = await client.send(new GetObjectCommand(at(key)))
        const text = (await Body?.transformToString('utf-8')) ?? ''
        return { record: await recordOf(Metadata), lines: text.split('\n').filter(line => line !== '') }
      }),
  }
}
