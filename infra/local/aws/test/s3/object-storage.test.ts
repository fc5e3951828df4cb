import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { openGateway } from '../support/gateway-world.ts'
import { allow, BUCKET, BUCKET_ARN, GRANTS, sampleDeployment } from '../support/sample-deployment.ts'

const KEY = 'events/api=sign-in/date=2026-01-02/source=1/a b+c%.ndjson'

const create = (key: string, body: string, metadata: Record<string, string> = {}) =>
  new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body, Metadata: metadata, IfNoneMatch: '*' })

test('keeps an object and its metadata as a plain file, over a restart', async () => {
  const first = await openGateway()
  await new S3Client({}).send(create(KEY, '{"a":"ü"}\n', { next: 'cursor', count: '1' }))
  await first.gateway.close()
  await openGateway({ dataDir: first.dataDir })

  const object = await new S3Client({}).send(new GetObjectCommand({ Bucket: BUCKET, Key: KEY }))

  expect(await object.Body?.transformToString()).toBe('{"a":"ü"}\n')
  expect(object.Metadata).toEqual({ next: 'cursor', count: '1' })
  expect(await readFile(path.join(first.dataDir, 'lake', KEY), 'utf8')).toBe('{"a":"ü"}\n')
  const files = await readdir(path.join(first.dataDir, 'lake'), { recursive: true, withFileTypes: true })
  expect(files.filter(entry => entry.isFile())).toHaveLength(1)
})

test('lets exactly one of many concurrent creators win', async () => {
  const { dataDir } = await openGateway()
  const client = new S3Client({})
  const names = Array.from({ length: 12 }, (_, index) => `writer-${index}`)

  const outcomes = await Promise.allSettled(names.map(name => client.send(create(KEY, name, { by: name }))))

  const winner = names[outcomes.findIndex(({ status }) => status === 'fulfilled')]
  const refusals = outcomes.filter(outcome => outcome.status === 'rejected').map(({ reason }) => reason)
  expect(refusals).toHaveLength(names.length - 1)
  expect(new Set(refusals.map(error => `${error.name} ${error.$metadata.httpStatusCode}`))).toEqual(
    new Set(['PreconditionFailed 412']),
  )
  const head = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: KEY }))
  expect(head.Metadata).toEqual({ by: winner })
  expect(await readFile(path.join(dataDir, 'lake', KEY), 'utf8')).toBe(winner)
})

test('replaces an object and its metadata', async () => {
  await openGateway()
  const client = new S3Client({})
  await client.send(create(KEY, 'old', { is: 'old' }))

  await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: KEY, Body: 'new', Metadata: { is: 'new' } }))

  const object = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: KEY }))
  expect([await object.Body?.transformToString(), object.Metadata]).toEqual(['new', { is: 'new' }])
})

test('shows the complete old version if it died between writing the new metadata and the new body', async () => {
  const { dataDir } = await openGateway()
  const client = new S3Client({})
  await client.send(create(KEY, 'old', { is: 'old' }))
  const file = path.join(dataDir, 'metadata', 'lake', `${KEY}.json`)
  const [old] = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify([{ ...old, etag: '0'.repeat(32), headers: {} }, old]))

  const object = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: KEY }))

  expect(object.Metadata).toEqual({ is: 'old' })
})

test('metadata without a body is no object, and the object can be created', async () => {
  const { dataDir } = await openGateway()
  const client = new S3Client({})
  await client.send(create('events/other', 'x', { is: 'other' }))
  const metadata = path.join(dataDir, 'metadata', 'lake', 'events')
  await writeFile(path.join(metadata, 'lost.json'), await readFile(path.join(metadata, 'other.json')))

  await expect(client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'events/lost' }))).rejects.toThrow(
    expect.objectContaining({ name: 'NoSuchKey' }),
  )
  await client.send(create('events/lost', 'found', { is: 'found' }))

  const object = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'events/lost' }))
  expect(object.Metadata).toEqual({ is: 'found' })
})

test('accepts 2 KB of metadata and refuses one byte more', async () => {
  await openGateway()
  const client = new S3Client({})

  await client.send(create('events/fits', 'x', { name: 'v'.repeat(2044) }))

  await expect(client.send(create('events/large', 'x', { name: 'v'.repeat(2045) }))).rejects.toThrow(
    expect.objectContaining({ name: 'MetadataTooLarge' }),
  )
})

test('accepts a streamed body in chunks, followed by its checksum', async () => {
  await openGateway()
  const client = new S3Client({})
  const body = 'chunk\r\n0\r\n'.repeat(20_000)
  const put = { Bucket: BUCKET, Key: 'events/stream', ContentLength: body.length }

  await client.send(new PutObjectCommand({ ...put, Body: Readable.from(Buffer.from(body)) }))

  const object = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'events/stream' }))
  expect(await object.Body?.transformToString()).toBe(body)
  expect(object.ContentEncoding).toBeUndefined()
})

test('refuses a body that does not match its checksum', async () => {
  await openGateway()
  const client = new S3Client({})
  const put = { Bucket: BUCKET, Key: 'events/broken', Body: 'text' }

  const refusals = await Promise.allSettled([
    client.send(new PutObjectCommand({ ...put, ChecksumCRC32: 'AAAAAA==' })),
    client.send(new PutObjectCommand({ ...put, ContentMD5: '1B2M2Y8AsgTpgAmY7PhCfg==' })),
  ])

  expect(refusals.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(refusals.map(refusal => 'reason' in refusal && refusal.reason.name)).toEqual([
    'BadDigest',
    'BadDigest',
  ])
  await expect(client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'events/broken' }))).rejects.toThrow()
})

test('lists keys by prefix in byte order, page by page', async () => {
  await openGateway()
  const client = new S3Client({})
  const keys = ['events/b', 'events/a&b', 'events/a/z', 'events/é', 'events/aa']
  for (const key of keys) await client.send(create(key, key))

  const listed: string[] = []
  let token: string | undefined
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'events/', MaxKeys: 2, ContinuationToken: token }),
    )
    listed.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''))
    token = page.NextContinuationToken
  } while (token)

  expect(listed).toEqual(['events/a&b', 'events/a/z', 'events/aa', 'events/b', 'events/é'])
  const some = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'events/a' }))
  expect(some.KeyCount).toBe(3)
  const none = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'nothing/here/' }))
  expect(none.Contents).toBeUndefined()
})

test('tells only callers who may list that a key is missing', async () => {
  const missing = new GetObjectCommand({ Bucket: BUCKET, Key: 'events/missing' })
  await openGateway()
  await expect(new S3Client({}).send(missing)).rejects.toThrow(
    expect.objectContaining({
      name: 'NoSuchKey',
      $metadata: expect.objectContaining({ httpStatusCode: 404 }),
    }),
  )

  await openGateway({
    deployment: sampleDeployment(GRANTS.filter(({ actions }) => !actions.includes('s3:listbucket'))),
  })

  await expect(new S3Client({}).send(missing)).rejects.toThrow(
    `is not authorized to perform: s3:ListBucket on resource: "${BUCKET_ARN}" because no identity-based policy allows`,
  )
})

test.each(['events/../../secrets.json', '../secrets.json', 'events//x', 'events/./x', 'events/x/'])(
  'refuses the key %s, which cannot be a file in the folder',
  async key => {
    const { dataDir } = await openGateway({
      deployment: sampleDeployment([...GRANTS, allow('s3:*', `${BUCKET_ARN}/*`)]),
    })

    await expect(new S3Client({}).send(create(key, 'x'))).rejects.toThrow(
      expect.objectContaining({ name: 'InvalidArgument' }),
    )

    expect(await readdir(dataDir)).not.toContain('lake')
  },
)

test('refuses a key below a key', async () => {
  await openGateway()
  const client = new S3Client({})
  await client.send(create('events/a', 'x'))

  await expect(client.send(create('events/a/b', 'x'))).rejects.toThrow('no key can be a folder of another')
})

test('refuses by name what it does not emulate', async () => {
  const { logged } = await openGateway()
  const client = new S3Client({})

  await expect(
    client.send(new GetObjectCommand({ Bucket: BUCKET, Key: KEY, Range: 'bytes=0-1' })),
  ).rejects.toThrow('does not emulate range of s3:GetObject')
  await expect(
    client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: KEY, CopySource: `${BUCKET}/x` })),
  ).rejects.toThrow('x-amz-copy-source')
  await expect(
    client.send(new PutObjectCommand({ Bucket: 'other-bucket', Key: 'x', Body: '' })),
  ).rejects.toThrow(expect.objectContaining({ name: 'NoSuchBucket' }))
  expect(logged.join('\n')).toContain('s3: NotImplemented')
})

test('refuses what the bucket policy denies, even if the role allows it', async () => {
  const deny = {
    effect: 'Deny' as const,
    actions: ['s3:putobject'],
    resources: [`${BUCKET_ARN}/*`],
    principals: ['*'],
    conditions: { Bool: { 'aws:SecureTransport': 'true' } },
  }
  await openGateway({ deployment: sampleDeployment(GRANTS, [deny]) })

  await expect(new S3Client({}).send(create(KEY, 'x'))).rejects.toThrow(
    expect.objectContaining({
      name: 'AccessDenied',
      message: expect.stringContaining('with an explicit deny in a resource-based policy'),
    }),
  )
})
