import { createHash } from 'node:crypto'
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { CURSORS_PREFIX } from '../contract/lake-layout.ts'
import { CONFLICT_MS } from '../contract/timing.ts'
import { ownReason, toOwnFact } from '../domain/failure/own-trouble.ts'
import { NO_CURSOR } from '../domain/stream/page.ts'
import type { PageRecord } from '../domain/stream/page-record.ts'
import type { Lake, Ports } from '../ports.ts'

/** The user metadata of an object may have 2 KB in total, so a longer cursor goes into an object of its own. */
const MAX_INLINE_CURSOR = 1024

/** The longest first pause before a put is sent again, because another put to its key is in progress. It doubles. */
const PAUSE_MS = 200

const findStatus = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode

/** Returns undefined if the object does not exist. */
async function ifExists<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (findStatus(error) === 404) return undefined
    throw error
  }
}

const keyForCursor = (cursor: string): string =>
  `${CURSORS_PREFIX}${createHash('sha256').update(cursor).digest('hex')}`

/** The members of a record that are texts, and their names in the metadata. */
const TEXTS = {
  asked: 'asked',
  link: 'link',
  previousKey: 'previous-key',
  firstTimestamp: 'first-timestamp',
  lastTimestamp: 'last-timestamp',
  pastTimestamp: 'past-timestamp',
  middleTimestamp: 'middle-timestamp',
  newest: 'newest-timestamp',
  aheadKey: 'ahead-key',
} as const satisfies Partial<Record<keyof PageRecord, string>>

type Texts = { -readonly [K in keyof typeof TEXTS]: string }

const textNames = Object.entries(TEXTS) as [keyof Texts, string][]

/** S3 sends metadata in headers, which are ASCII. That is why the cursor is encoded. */
function toMetadata(record: PageRecord, encodedCursor: string): Record<string, string> {
  const inline = encodedCursor.length <= MAX_INLINE_CURSOR
  const cursor = inline
    ? { 'next-cursor': encodedCursor }
    : { 'next-cursor-key': keyForCursor(record.nextCursor) }
  const texts = textNames.flatMap(([member, name]) => {
    const text = record[member]
    return text === undefined ? [] : [[name, text] as const]
  })
  const counts = { count: `${record.count}`, 'late-count': `${record.lateCount}` }
  const { unreadableCount } = record
  const unreadable = unreadableCount === undefined ? {} : { 'unreadable-count': `${unreadableCount}` }
  return { ...cursor, ...Object.fromEntries(texts), chain: `${record.chain}`, ...counts, ...unreadable }
}

function readTexts(metadata: Record<string, string>): Texts {
  const texts = textNames.flatMap(([member, name]) =>
    metadata[name] === undefined ? [] : [[member, metadata[name]]],
  )
  return Object.fromEntries(texts)
}

const readText = async (client: S3Client, at: { Bucket: string; Key: string }): Promise<string> =>
  (await (await client.send(new GetObjectCommand(at))).Body?.transformToString('utf-8')) ?? ''

/** The lake in an S3 bucket: one object for each page. */
export function lakeBucket(
  client: S3Client,
  bucket: string,
  { clock, random }: Pick<Ports, 'clock' | 'random'>,
): Lake {
  const at = (key: string) => ({ Bucket: bucket, Key: key })

  async function readRecord(metadata: Record<string, string> = {}): Promise<PageRecord> {
    const { 'next-cursor': inline, 'next-cursor-key': elsewhere, chain, count } = metadata
    const { 'late-count': late, 'unreadable-count': unreadable } = metadata
    const nextCursor = inline === undefined ? await readCursor(elsewhere ?? '') : decodeURIComponent(inline)
    // Older objects do not say how many events were late.
    const counts = {
      count: Number(count),
      lateCount: Number(late ?? 0),
      ...(unreadable !== undefined && { unreadableCount: Number(unreadable) }),
    }
    return { ...readTexts(metadata), chain: Number(chain), ...counts, nextCursor }
  }

  /** A cursor that is gone, or cannot be read any more, must not make its page unknown: the page is in the lake. */
  async function readCursor(key: string): Promise<string> {
    try {
      return (await readText(client, at(key))) || NO_CURSOR
    } catch (error) {
      if (!['missing', 'denied', 'archived'].includes(ownReason(toOwnFact(error)))) throw error
      return NO_CURSOR
    }
  }

  async function createOnce(key: string, body: Uint8Array, metadata: Record<string, string>) {
    const object = {
      ...at(key),
      Body: body,
      Metadata: metadata,
      IfNoneMatch: '*',
      ContentType: 'application/x-ndjson',
    }
    const untilMs = clock.now() + CONFLICT_MS
    for (let pauseMs = PAUSE_MS; ; pauseMs *= 2) {
      try {
        await client.send(new PutObjectCommand(object))
        return 'created' as const
      } catch (error) {
        if (findStatus(error) === 412) return 'exists' as const
        const waitMs = pauseMs / 2 + (random.fraction() * pauseMs) / 2
        if (findStatus(error) !== 409 || clock.now() + waitMs > untilMs) throw error
        await clock.sleep(waitMs)
      }
    }
  }

  return {
    async create(key, body, record) {
      const encoded = encodeURIComponent(record.nextCursor)
      const metadata = toMetadata(record, encoded)
      const cursorObject = metadata['next-cursor-key']
      // The object of the cursor is named by its content and written first. So the cursor of every existing page object
      // can be read.
      if (cursorObject)
        await client.send(new PutObjectCommand({ ...at(cursorObject), Body: record.nextCursor }))
      return createOnce(key, body, metadata)
    },

    async setAside(key, body) {
      await client.send(new PutObjectCommand({ ...at(key), Body: body }))
    },

    readAside: key => ifExists(() => readText(client, at(key))),

    record: key =>
      ifExists(async () => readRecord((await client.send(new HeadObjectCommand(at(key)))).Metadata)),

    read: key =>
      ifExists(async () => {
        const { Body, Metadata } = await client.send(new GetObjectCommand(at(key)))
        const text = (await Body?.transformToString('utf-8')) ?? ''
        return { record: await readRecord(Metadata), lines: text.split('\n').filter(line => line !== '') }
      }),
  }
}
