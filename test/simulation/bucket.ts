import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3'
import { lakeBucket } from '../../shared/adapters/lake-bucket.ts'
import { EVENTS_PREFIX, UNREADABLE_PREFIX } from '../../shared/contract/lake-layout.ts'
import type { Lake } from '../../shared/ports.ts'
import { decompressed } from '../support/object-lines.ts'
import { type AwsAnswer, awsError, takeAnswer } from './aws-answer.ts'

/** An object as S3 keeps it. */
interface StoredObject {
  readonly body: Uint8Array
  readonly metadata: Readonly<Record<string, string>>
}

/** An object of the lake as the product reads it. */
type LakeObject = NonNullable<Awaited<ReturnType<Lake['read']>>>

type Put = Pick<PutObjectCommandInput, 'Key' | 'Body' | 'Metadata' | 'IfNoneMatch'>

/** The bucket of the lake, in memory. */
export interface Bucket {
  /** All objects by key. What is put or removed otherwise than with `put` and `remove` is seen by no check. */
  readonly stored: Map<string, StoredObject>
  /** The objects of events, as the product reads them. Checks watch what is set and deleted here. */
  readonly objects: Map<string, LakeObject>
  /** What could not be read, by key. Bytes that are not UTF-8 show as replacement characters. */
  readonly unreadable: Map<string, string>
  /** Objects that nobody can read: a policy or a key denies it, or the object lies in an archive. */
  readonly outOfReach: Map<string, 'denied' | 'archived'>
  put(input: Put): Promise<AwsAnswer<object>>
  /** Whether there is or was such an object. */
  wasPut(key: string): boolean
  /** Returns metadata and body. The metadata of an archived object can be read, but not its body. */
  get(key: string, part: 'metadata' | 'whole'): AwsAnswer<StoredObject>
  remove(key: string): void
}

const MAX_METADATA_BYTES = 2048

const toBytes = (body: unknown): Uint8Array =>
  typeof body === 'string' ? Buffer.from(body) : (body as Uint8Array)

const metadataBytes = (metadata: Readonly<Record<string, string>>): number =>
  Object.entries(metadata).reduce((sum, entry) => sum + Buffer.byteLength(entry.join('')), 0)

/** The calls of the lake's adapter, and the names that the simulation gives them. */
type BucketCall = 'create' | 'setAside' | 'record' | 'read'

interface BucketCommand {
  readonly input: Put
}

function nameCall(command: BucketCommand): BucketCall {
  if (command instanceof PutObjectCommand) return command.input.IfNoneMatch === '*' ? 'create' : 'setAside'
  if (command instanceof HeadObjectCommand) return 'record'
  if (command instanceof GetObjectCommand) return 'read'
  throw new TypeError('the simulation does not know this call of S3')
}

function readPart(bucket: Bucket, key: string, part: 'metadata' | 'whole'): AwsAnswer<object> {
  const answer = bucket.get(key, part)
  if ('error' in answer) return answer
  const { body, metadata: Metadata } = answer.value
  const transformToString = async (): Promise<string> => Buffer.from(body).toString('utf8')
  const transformToByteArray = async (): Promise<Uint8Array> => body
  return {
    value: { Metadata, ...(part === 'whole' && { Body: { transformToString, transformToByteArray } }) },
  }
}

/**
 * Creates a client of the bucket. `through` carries a call of the lake's adapter: it may take time, and the answer may
 * get lost.
 */
export function createBucketClient(
  bucket: Bucket,
  through: (
    call: BucketCall,
    key: string,
    work: () => Promise<AwsAnswer<object>>,
  ) => Promise<AwsAnswer<object>>,
): S3Client {
  async function send(command: BucketCommand): Promise<object> {
    const { Key = '' } = command.input
    const call = nameCall(command)
    const answer = await through(call, Key, async () =>
      call === 'create' || call === 'setAside'
        ? bucket.put(command.input)
        : readPart(bucket, Key, call === 'record' ? 'metadata' : 'whole'),
    )
    return takeAnswer(answer)
  }
  return { send } as unknown as S3Client
}

const NEVER_ASKED = { now: () => 0, sleep: async () => {}, giveWay: async () => {} }

/** Creates an empty bucket. `onOverLimit` is called for a put that S3 refuses because of a limit. */
export function createBucket(onOverLimit: (what: string) => void): Bucket {
  const stored: Bucket['stored'] = new Map()
  const objects: Bucket['objects'] = new Map()
  const unreadable: Bucket['unreadable'] = new Map()
  const outOfReach: Bucket['outOfReach'] = new Map()

  const known = new Set<string>()

  /** Shows an object as the product would read it, whatever its stored form is. */
  async function show(key: string): Promise<void> {
    const { body } = stored.get(key) as StoredObject
    if (key.startsWith(UNREADABLE_PREFIX))
      unreadable.set(key, decompressed(key, Buffer.from(body)).toString('utf8'))
    const object = key.startsWith(EVENTS_PREFIX) ? await reader.read(key) : undefined
    if (object) objects.set(key, object)
  }

  const bucket: Bucket = {
    ...{ stored, objects, unreadable, outOfReach },
    wasPut: key => known.has(key),
    async put({ Key = '', Body, Metadata: metadata = {}, IfNoneMatch }) {
      if (IfNoneMatch === '*' && stored.has(Key)) return { error: awsError('PreconditionFailed', 412) }
      const bytes = metadataBytes(metadata)
      if (bytes > MAX_METADATA_BYTES) {
        onOverLimit(`${Key} has ${bytes} bytes of metadata`)
        return { error: awsError('MetadataTooLarge', 400) }
      }
      stored.set(Key, { body: toBytes(Body), metadata })
      known.add(Key)
      outOfReach.delete(Key)
      await show(Key)
      return { value: {} }
    },
    get(key, part) {
      const object = stored.get(key)
      const reach = outOfReach.get(key)
      if (!object) return { error: awsError(part === 'metadata' ? 'NotFound' : 'NoSuchKey', 404) }
      // An answer to HEAD has no body that could name the error.
      if (reach === 'denied')
        return { error: awsError(part === 'metadata' ? 'Forbidden' : 'AccessDenied', 403) }
      if (reach === 'archived' && part === 'whole') return { error: awsError('InvalidObjectState', 403) }
      return { value: object }
    },
    remove(key) {
      stored.delete(key)
      outOfReach.delete(key)
      unreadable.delete(key)
      if (objects.has(key)) objects.delete(key)
    },
  }
  /** It reads at once, and what is out of reach, too. */
  const everything: Bucket = { ...bucket, get: key => bucketGet(stored, key) }
  const reader = lakeBucket(
    createBucketClient(everything, (_call, _key, work) => work()),
    'lake',
    { clock: NEVER_ASKED, random: { uuid: () => '', fraction: () => 0 } },
  )
  return bucket
}

function bucketGet(stored: Bucket['stored'], key: string): AwsAnswer<StoredObject> {
  const value = stored.get(key)
  return value ? { value } : { error: awsError('NoSuchKey', 404) }
}
