import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { type Fault, type Gateway, type InterceptedCall, startGateway } from 'aws-emulator'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { lakeBucket } from '../../shared/adapters/lake-bucket.ts'
import type { PageRecord } from '../../shared/domain/stream/page-record.ts'
import {
  allow,
  BUCKET,
  BUCKET_ARN,
  bucketAndSecret,
  FUNCTION_NAME,
  ROLE_ARN,
} from '../support/aws-gateway.ts'
import { fakeClock } from '../support/fakes/clock.ts'
import { fakeLake } from '../support/fakes/lake.ts'
import { lakeContract } from './lake-contract.ts'

/** Exactly what the collect function is granted. */
const GRANTS = [
  allow(
    's3:PutObject',
    ...['events', 'cursors', 'unreadable', 'walks'].map(name => `${BUCKET_ARN}/${name}/*`),
  ),
  allow('s3:GetObject', ...['events', 'cursors', 'walks'].map(name => `${BUCKET_ARN}/${name}/*`)),
  allow('s3:ListBucket', BUCKET_ARN),
]

const RECORD: PageRecord = { chain: 1, asked: 'a', link: 'a', nextCursor: 'c', count: 1, lateCount: 0 }

let dataDir: string
let gateway: Gateway
let client: S3Client
let fault: (call: InterceptedCall) => Fault | undefined = () => undefined
/** S3 calls that reached the gateway. */
let actions: string[] = []

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'lake-contract-'))
  gateway = await startGateway({
    deployment: bucketAndSecret(GRANTS),
    clock: { now: () => Date.now() },
    dataDir,
    putEvents: () => {},
    log: () => {},
    intercept(call, phase) {
      if (phase === 'after') return undefined
      actions.push(call.action)
      return fault(call)
    },
  })
  client = new S3Client({
    endpoint: gateway.url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: gateway.credentials(ROLE_ARN, FUNCTION_NAME),
  })
})
afterAll(async () => {
  client.destroy()
  await gateway.close()
  await rm(dataDir, { recursive: true, force: true })
})
beforeEach(() => {
  fault = () => undefined
  actions = []
})

const clock = fakeClock()

const openLake = () => lakeBucket(client, BUCKET, { clock, random: { uuid: () => '', fraction: () => 0.5 } })

const conflict: Fault = { kind: 'error', status: 409, code: 'ConditionalRequestConflict', message: 'again' }

lakeContract('in memory', async () => fakeLake())
lakeContract('in S3', async () => openLake())

it('writes one object for a page, and another for a long cursor, named by its content', async () => {
  const lake = openLake()
  await lake.create('events/short', Buffer.from('{}\n'), RECORD)
  expect(actions).toEqual(['PutObject'])
  await lake.create('events/long', Buffer.from('{}\n'), { ...RECORD, nextCursor: 'long '.repeat(300) })
  await lake.create('events/long2', Buffer.from('{}\n'), { ...RECORD, nextCursor: 'long '.repeat(300) })
  const { Metadata: one } = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'events/long' }))
  const { Metadata: two } = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'events/long2' }))
  expect(one?.['next-cursor-key']).toMatch(/^cursors\/[0-9a-f]{64}$/)
  expect(two).toEqual(one)
})

it('keeps the metadata of an object within the 2 KB of S3 even if every member has its greatest length', async () => {
  const timestamp = '2026-02-28T00:00:00.123456789123-03:00'
  const digest = 'f'.repeat(64)
  await openLake().create('events/widest', Buffer.from('{}\n'), {
    chain: 999_999,
    asked: digest,
    link: digest,
    previousKey: `events/api=auditEvents/date=2026-03-01/${Number.MAX_SAFE_INTEGER}-999999-${'0'.repeat(32)}.ndjson.gz`,
    nextCursor: 'x'.repeat(1024),
    count: 1000,
    lateCount: 1000,
    firstTimestamp: timestamp,
    lastTimestamp: timestamp,
    newest: timestamp,
  })
  const { Metadata = {} } = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'events/widest' }))
  expect(Metadata).not.toHaveProperty('next-cursor-key')
  expect(Object.entries(Metadata).flat().join('').length).toBeLessThan(2048)
})

it('compresses what its key says is compressed, so that every reader of gzip can read it, and nothing else', async () => {
  const lines = Buffer.from('{"n":1.0,"text":"é"}\n'.repeat(100))
  const lake = openLake()
  await lake.create('events/new.ndjson.gz', lines, RECORD)
  await lake.create('events/old.ndjson', lines, RECORD)
  await lake.setAside('walks/aside.ndjson.gz', lines)
  const read = async (Key: string) => {
    const { Body, ContentType, ContentEncoding } = await client.send(
      new GetObjectCommand({ Bucket: BUCKET, Key }),
    )
    return { content: Buffer.from((await Body?.transformToByteArray()) ?? []), ContentType, ContentEncoding }
  }
  const compressed = await read('events/new.ndjson.gz')
  expect(compressed).toMatchObject({ ContentType: 'application/gzip', ContentEncoding: undefined })
  expect(compressed.content.length).toBeLessThan(lines.length / 5)
  expect(gunzipSync(compressed.content)).toEqual(lines)
  expect(await read('events/old.ndjson')).toMatchObject({
    content: lines,
    ContentType: 'application/x-ndjson',
  })
  expect(gunzipSync((await read('walks/aside.ndjson.gz')).content)).toEqual(lines)
})

it('finds no lines in what somebody else has put in the place of an object', async () => {
  const Key = 'events/replaced.ndjson.gz'
  const Metadata = { chain: '1', asked: 'a', link: 'a', count: '3', 'next-cursor': 'c' }
  await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: '{}\n', Metadata }))
  expect(await openLake().read(Key)).toMatchObject({ lines: [], record: { count: 3 } })
})

it('counts no late events for an older object, which does not say how many it has', async () => {
  await client.send(
    new PutObjectCommand({
      Bucket: BUCKET,
      Key: 'events/older',
      Body: '{}\n',
      Metadata: { chain: '1', asked: 'a', link: 'a', count: '3', 'next-cursor': 'c' },
    }),
  )
  expect(await openLake().record('events/older')).toMatchObject({ count: 3, lateCount: 0 })
})

it('tries again if S3 says that another write of the key is under way', async () => {
  let conflicts = 0
  fault = () => (conflicts++ < 2 ? conflict : undefined)
  expect(await openLake().create('events/conflict', Buffer.from('{}\n'), RECORD)).toBe('created')
  expect(actions).toEqual(['PutObject', 'PutObject', 'PutObject'])
})

it('pauses after each conflict, twice as long each time, and gives up after five seconds', async () => {
  fault = () => conflict
  clock.slept.length = 0
  const created = openLake().create('events/conflicts', Buffer.from('{}\n'), RECORD)
  await expect(created).rejects.toMatchObject({ name: 'ConditionalRequestConflict' })
  expect(clock.slept).toEqual([150, 300, 600, 1200, 2400])
  expect(actions).toHaveLength(6)
})

it('throws a refusal, and does not take it for a missing or existing object', async () => {
  fault = () => ({ kind: 'error', status: 403, code: 'AccessDenied', message: 'no' })
  const lake = openLake()
  await expect(lake.record('events/x')).rejects.toThrow()
  await expect(lake.read('events/x')).rejects.toThrow()
  await expect(lake.create('events/x', Buffer.from(''), RECORD)).rejects.toMatchObject({
    name: 'AccessDenied',
  })
  expect(actions.filter(action => action === 'PutObject')).toHaveLength(1)
})

it.each([
  ['is gone', { kind: 'error', status: 404, code: 'NoSuchKey', message: 'x' }],
  ['was moved to an archive', { kind: 'error', status: 403, code: 'InvalidObjectState', message: 'x' }],
  ['has a key that was retired', { kind: 'error', status: 400, code: 'KMS.DisabledException', message: 'x' }],
] as const)('knows an object whose long cursor %s, without the cursor', async (what, refusal) => {
  const lake = openLake()
  const key = `events/${what.length}`
  await lake.create(key, Buffer.from('{}\n'), { ...RECORD, nextCursor: `${what} `.repeat(300) })
  fault = ({ resource, action }) =>
    action === 'GetObject' && resource.includes('/cursors/') ? refusal : undefined
  expect(await lake.record(key)).toEqual({ ...RECORD, nextCursor: '' })
  expect(await lake.read(key)).toEqual({ record: { ...RECORD, nextCursor: '' }, lines: ['{}'] })
})

it('throws while a long cursor cannot be read for a while', async () => {
  const lake = openLake()
  await lake.create('events/later', Buffer.from('{}\n'), { ...RECORD, nextCursor: 'later '.repeat(300) })
  fault = ({ action }) =>
    action === 'GetObject' ? { kind: 'error', status: 503, code: 'SlowDown', message: 'x' } : undefined
  await expect(lake.record('events/later')).rejects.toMatchObject({ name: 'SlowDown' })
})

it('writes no object for the page if the object of the cursor cannot be written', async () => {
  fault = ({ resource }) =>
    resource.includes('/cursors/')
      ? { kind: 'error', status: 500, code: 'InternalError', message: 'x' }
      : undefined
  const lake = openLake()
  const record = { ...RECORD, nextCursor: 'longer '.repeat(300) }
  await expect(lake.create('events/aside', Buffer.from('{}\n'), record)).rejects.toThrow()
  expect(await lake.record('events/aside')).toBeUndefined()
})

it('keeps what could not be read byte for byte, and replaces it when it is kept again', async () => {
  const owner = new S3Client({
    endpoint: gateway.url,
    region: 'us-east-1',
    credentials: gateway.owner,
  })
  const lake = openLake()
  const bytes = Uint8Array.from([0x22, 0xff, 0xfe, 0x00, 0x0a])
  await lake.setAside('unreadable/one', Buffer.from('before'))
  await lake.setAside('unreadable/one', bytes)
  const { Body } = await owner.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'unreadable/one' }))
  expect(await Body?.transformToByteArray()).toEqual(bytes)
  owner.destroy()
})

it('leaves nothing but events, cursors, walks and what could not be read in the bucket', async () => {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }))
  expect(new Set(Contents.map(({ Key = '' }) => Key.split('/')[0]))).toEqual(
    new Set(['cursors', 'events', 'unreadable', 'walks']),
  )
})

it('keeps them within the 2 KB when 20 processing rules have changed every event of a page, too', async () => {
  const time = '2026-02-28T00:00:00.123456789123-03:00'
  const digest = 'f'.repeat(64)
  const key = `events/api=auditEvents/date=2026-03-01/${Number.MAX_SAFE_INTEGER}-999999-${'0'.repeat(32)}.ndjson.gz`
  const record: PageRecord = {
    ...{ chain: 999_999, asked: digest, link: digest, previousKey: key, aheadKey: key },
    ...{ nextCursor: 'x'.repeat(1024), count: 1000, lateCount: 1000, unreadableCount: 1000 },
    ...{
      firstTimestamp: time,
      lastTimestamp: time,
      pastTimestamp: time,
      middleTimestamp: time,
      newest: time,
    },
    filtered: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`c${i + 100_000}`, 1000])),
  }
  const lake = openLake()
  await lake.create('events/changed', Buffer.from('{}\n'), record)
  const { Metadata = {} } = await client.send(
    new HeadObjectCommand({ Bucket: BUCKET, Key: 'events/changed' }),
  )
  expect(Object.entries(Metadata).flat().join('').length).toBeLessThan(2048)
  expect(await lake.record('events/changed')).toEqual(record)
})
