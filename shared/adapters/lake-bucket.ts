import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3'
import { CONFLICT_MS } from '../contract/timing.ts'
import { ownReason, toOwnFact } from '../domain/failure/own-trouble.ts'
import { NO_CURSOR } from '../domain/stream/page.ts'
import type { Lake, Ports } from '../ports.ts'
import { contentType, readLines, toContent } from './lake-content.ts'
import { parseMetadata, toMetadata } from './lake-metadata.ts'

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

type Time = Pick<Ports, 'clock' | 'random'>

interface Place {
  readonly Bucket: string
  readonly Key: string
}

const readText = async (client: S3Client, at: Place): Promise<string> =>
  (await (await client.send(new GetObjectCommand(at))).Body?.transformToString('utf-8')) ?? ''

/** A cursor that is gone, or cannot be read any more, must not make its page unknown: the page is in the lake. */
async function readCursor(client: S3Client, at: Place): Promise<string> {
  try {
    return (await readText(client, at)) || NO_CURSOR
  } catch (error) {
    if (!['missing', 'denied', 'archived'].includes(ownReason(toOwnFact(error)))) throw error
    return NO_CURSOR
  }
}

/** Puts an object, unless there is one with its key. While another put to the key is in progress, it tries again. */
async function createOnce(client: S3Client, { clock, random }: Time, object: PutObjectCommandInput) {
  const untilMs = clock.now() + CONFLICT_MS
  for (let pauseMs = PAUSE_MS; ; pauseMs *= 2) {
    try {
      await client.send(new PutObjectCommand({ ...object, IfNoneMatch: '*' }))
      return 'created'
    } catch (error) {
      if (findStatus(error) === 412) return 'exists'
      const waitMs = pauseMs / 2 + (random.fraction() * pauseMs) / 2
      if (findStatus(error) !== 409 || clock.now() + waitMs > untilMs) throw error
      await clock.sleep(waitMs)
    }
  }
}

/** The lake in an S3 bucket: one object for each page. */
export function lakeBucket(client: S3Client, bucket: string, time: Time): Lake {
  const at = (key: string): Place => ({ Bucket: bucket, Key: key })
  const readRecord = (metadata: Record<string, string> = {}) =>
    parseMetadata(metadata, key => readCursor(client, at(key)))

  return {
    async create(key, body, record) {
      const metadata = toMetadata(record)
      const cursorObject = metadata['next-cursor-key']
      // The object of the cursor is named by its content and written first. So the cursor of every existing page object
      // can be read.
      if (cursorObject)
        await client.send(new PutObjectCommand({ ...at(cursorObject), Body: record.nextCursor }))
      const content = { Body: toContent(key, body), Metadata: metadata, ContentType: contentType(key) }
      return createOnce(client, time, { ...at(key), ...content })
    },

    async setAside(key, body) {
      await client.send(new PutObjectCommand({ ...at(key), Body: toContent(key, body) }))
    },

    readAside: key => ifExists(() => readText(client, at(key))),

    record: key =>
      ifExists(async () => readRecord((await client.send(new HeadObjectCommand(at(key)))).Metadata)),

    read: key =>
      ifExists(async () => {
        const { Body, Metadata } = await client.send(new GetObjectCommand(at(key)))
        const content = (await Body?.transformToByteArray()) ?? new Uint8Array()
        return { record: await readRecord(Metadata), lines: readLines(key, content) }
      }),
  }
}
