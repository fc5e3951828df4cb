import { randomUUID } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { expect, test } from 'vitest'
import { openGateway } from '../support/gateway-world.ts'
import { SECRET, SECRET_ARN } from '../support/sample-deployment.ts'

const NAME = 'Stack/source/7'

const read = (id: string) => new GetSecretValueCommand({ SecretId: id })

test('creates a secret and reads it by name, ARN and ARN without suffix, over a restart', async () => {
  const first = await openGateway()
  const created = await new SecretsManagerClient({}).send(
    new CreateSecretCommand({ Name: NAME, SecretString: 'token', Description: 'of source 7' }),
  )
  expect(created.ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:Stack\/source\/7-\w{6}$/)
  await first.gateway.close()
  await openGateway({ dataDir: first.dataDir })
  const client = new SecretsManagerClient({})

  for (const id of [NAME, String(created.ARN), String(created.ARN).slice(0, -7)]) {
    const value = await client.send(read(id))
    expect(value).toMatchObject({ SecretString: 'token', VersionId: created.VersionId, ARN: created.ARN })
    expect(value.CreatedDate).toBeInstanceOf(Date)
  }
  const file = await stat(path.join(first.dataDir, 'secrets.json'))
  expect(file.mode & 0o777).toBe(0o600)
})

test('creates once for one request token, and refuses a second secret of the name', async () => {
  await openGateway()
  const client = new SecretsManagerClient({})
  const request = { Name: NAME, SecretString: 'token', ClientRequestToken: randomUUID() }
  const first = await client.send(new CreateSecretCommand(request))

  expect(await client.send(new CreateSecretCommand(request))).toMatchObject({ ARN: first.ARN })
  await expect(client.send(new CreateSecretCommand({ ...request, SecretString: 'other' }))).rejects.toThrow(
    expect.objectContaining({ name: 'ResourceExistsException' }),
  )
  await expect(
    client.send(new CreateSecretCommand({ ...request, ClientRequestToken: randomUUID() })),
  ).rejects.toThrow('already exists')
})

test('replaces a value and keeps the one before as AWSPREVIOUS', async () => {
  await openGateway()
  const client = new SecretsManagerClient({})
  await client.send(new CreateSecretCommand({ Name: NAME, SecretString: 'one' }))
  const second = { SecretId: NAME, SecretString: 'two', ClientRequestToken: randomUUID() }
  await client.send(new PutSecretValueCommand(second))
  await client.send(new PutSecretValueCommand(second))

  expect((await client.send(read(NAME))).SecretString).toBe('two')
  const previous = new GetSecretValueCommand({ SecretId: NAME, VersionStage: 'AWSPREVIOUS' })
  expect((await client.send(previous)).SecretString).toBe('one')
  await expect(client.send(new PutSecretValueCommand({ ...second, SecretString: 'three' }))).rejects.toThrow(
    expect.objectContaining({ name: 'ResourceExistsException' }),
  )
})

test('deletes at once when forced, else when the recovery window ends', async () => {
  let nowMs = Date.UTC(2026, 0, 1)
  await openGateway({ clock: { now: () => nowMs } })
  const client = new SecretsManagerClient({ systemClockOffset: nowMs - Date.now() })
  await client.send(new CreateSecretCommand({ Name: NAME, SecretString: 'one' }))
  await client.send(new DeleteSecretCommand({ SecretId: NAME, ForceDeleteWithoutRecovery: true }))
  await client.send(new CreateSecretCommand({ Name: NAME, SecretString: 'two' }))
  await client.send(new DeleteSecretCommand({ SecretId: NAME, RecoveryWindowInDays: 7 }))

  await expect(client.send(read(NAME))).rejects.toThrow(
    expect.objectContaining({ name: 'InvalidRequestException' }),
  )
  await expect(client.send(new CreateSecretCommand({ Name: NAME, SecretString: 'x' }))).rejects.toThrow(
    'scheduled for deletion',
  )
  const described = await client.send(new DescribeSecretCommand({ SecretId: NAME }))
  expect(described.DeletedDate).toEqual(new Date('2026-01-08T00:00:00Z'))

  nowMs = Date.UTC(2026, 0, 8)
  await expect(client.send(read(NAME))).rejects.toThrow(
    expect.objectContaining({ name: 'ResourceNotFoundException' }),
  )
})

test('creates the template’s secrets once, and uses fixed values instead if they are given', async () => {
  const first = await openGateway()
  const generated = (await new SecretsManagerClient({}).send(read(SECRET_ARN))).SecretString
  expect(JSON.parse(String(generated))).toEqual({
    accessId: 'op1',
    accessKey: expect.stringMatching(/^[A-Za-z0-9]{48}$/),
  })
  await first.gateway.close()

  const second = await openGateway({ dataDir: first.dataDir })
  expect((await new SecretsManagerClient({}).send(read(SECRET))).SecretString).toBe(generated)
  await second.gateway.close()

  await openGateway({ dataDir: first.dataDir, secretOverrides: { AccessKey: 'given' } })
  expect((await new SecretsManagerClient({}).send(read(SECRET))).SecretString).toBe('given')
})

test('refuses a secret outside the granted names without telling whether it exists', async () => {
  await openGateway()

  await expect(new SecretsManagerClient({}).send(read('Other/source/1'))).rejects.toThrow(
    expect.objectContaining({
      name: 'AccessDeniedException',
      message: expect.stringContaining('GetSecretValue'),
    }),
  )
})

test('never logs or answers a secret in a refusal', async () => {
  const { logged, dataDir } = await openGateway()
  const client = new SecretsManagerClient({})
  const outcomes = await Promise.allSettled([
    client.send(new CreateSecretCommand({ Name: 'Other/1', SecretString: 'very-secret' })),
    client.send(new CreateSecretCommand({ Name: NAME, SecretString: 'very-secret', KmsKeyId: 'x' })),
    client.send(new RotateSecretCommand({ SecretId: NAME })),
  ])

  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  const told = outcomes.map(outcome => ('reason' in outcome ? String(outcome.reason) : ''))
  expect([...told, ...logged].join('\n')).not.toContain('very-secret')
  expect(await readFile(path.join(dataDir, 'secrets.json'), 'utf8')).not.toContain('very-secret')
})
