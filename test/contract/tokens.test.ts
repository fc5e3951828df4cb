import { inspect } from 'node:util'
import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tokenCache } from '../../shared/adapters/token-cache.ts'
import { tokenRemover, tokenSecrets } from '../../shared/adapters/token-secrets.ts'
import { openGateway } from '../support/aws-gateway.ts'
import { fakeClock } from '../support/fakes/clock.ts'
import { type FakeSecret, fakeTokenRemover, fakeTokens, fakeTokenWriter } from '../support/fakes/tokens.ts'
import {
  type JsonService,
  type ServiceAnswer,
  type ServiceCall,
  startJsonService,
} from '../support/json-service.ts'
import { type TokenPorts, tokensContract } from './tokens-contract.ts'

const PREFIX = 'Stack/source/'
const NAME = `${PREFIX}7`

const createPorts = (client: SecretsManagerClient, clock = fakeClock()): TokenPorts => ({
  reader: tokenCache(client, PREFIX, clock),
  writer: tokenSecrets(client, PREFIX),
  remover: tokenRemover(client, PREFIX),
})

tokensContract('in memory', clock => {
  const secrets = new Map<number, FakeSecret>()
  return {
    reader: fakeTokens(secrets, clock),
    writer: fakeTokenWriter(secrets),
    remover: fakeTokenRemover(secrets),
  }
})

/** A clock on which no two versions are made at one moment, as on AWS none are. */
function tickingClock() {
  let lastMs = 0
  return {
    now: () => {
      lastMs = Math.max(lastMs + 1, Date.now())
      return lastMs
    },
  }
}

tokensContract('in Secrets Manager', async clock => {
  await openGateway({ clock: tickingClock() })
  return createPorts(new SecretsManagerClient({}), clock)
})

describe('a secret that somebody marked for deletion', () => {
  const marked = async () => {
    await openGateway({ clock: tickingClock() })
    const client = new SecretsManagerClient({})
    const ports = createPorts(client)
    const version = await ports.writer.createToken(7, 'old')
    await client.send(new DeleteSecretCommand({ SecretId: NAME, RecoveryWindowInDays: 7 }))
    return { client, version, ...ports }
  }

  it('is a configuration error', async () => {
    const { reader, version } = await marked()
    await expect(reader.token(7, version)).rejects.toMatchObject({
      name: 'RunFailure',
      type: 'ThirdPartyConfig',
    })
  })

  it.each(['createToken', 'proposeToken'] as const)('is restored by %s', async method => {
    const { reader, writer } = await marked()
    expect(await reader.token(7, (await writer[method](7, 'new')) ?? '')).toBe('new')
  })

  it('is removed at once', async () => {
    const { client, remover } = await marked()
    await remover.removeToken(7)
    await expect(client.send(new DescribeSecretCommand({ SecretId: NAME }))).rejects.toThrow(
      expect.objectContaining({ name: 'ResourceNotFoundException' }),
    )
  })
})

it('promotes a token over an older one that a user has put there by hand', async () => {
  await openGateway({ clock: tickingClock() })
  const client = new SecretsManagerClient({})
  const { reader, writer } = createPorts(client)
  const old = await writer.createToken(7, 'old')
  await client.send(new PutSecretValueCommand({ SecretId: NAME, SecretString: 'by hand' }))
  await writer.promoteToken(7, old)
  expect(await reader.newerToken(7, old)).toBe('by hand')
  await writer.promoteToken(7, (await writer.proposeToken(7, 'new')) ?? '')
  expect(await reader.newerToken(7, old)).toBe('new')
})

describe('calls to Secrets Manager', () => {
  let service: JsonService
  let answer: ServiceAnswer
  let answerFor: (call: ServiceCall) => ServiceAnswer

  beforeAll(async () => {
    service = await startJsonService(call => answerFor(call))
  })
  afterAll(() => service.close())
  beforeEach(() => {
    answer = { body: { Name: NAME, SecretString: 'the-token', ARN: 'arn', VersionId: 'v' } }
    answerFor = () => answer
    service.calls.length = 0
  })

  it('reads a secret once while the token is cached, by name and version', async () => {
    const { reader } = createPorts(new SecretsManagerClient(service.client))
    for (let i = 0; i < 5; i++) await reader.token(7, 'v')
    expect(service.calls).toEqual([
      { operation: 'GetSecretValue', input: { SecretId: NAME, VersionId: 'v' } },
    ])
  })

  it.each(['AccessDeniedException', 'ThrottlingException', 'InternalServiceError', 'DecryptionFailure'])(
    'throws %s unchanged, caches nothing, and shows no token',
    async type => {
      const { reader } = createPorts(new SecretsManagerClient(service.client))
      const good = answer
      await reader.token(7, 'v')
      reader.forget(7)
      answer = { status: 400, body: { __type: type, Message: 'not now' } }
      const error = await reader.token(7, 'v').catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ name: type })
      expect(inspect(error, { depth: 9 })).not.toContain('the-token')
      answer = good
      expect(await reader.token(7, 'v')).toBe('the-token')
    },
  )

  it('returns an empty token for a secret without text, which the run refuses', async () => {
    const { reader } = createPorts(new SecretsManagerClient(service.client))
    answer = { body: { Name: 'x', SecretBinary: 'AAAA' } }
    expect(await reader.token(7, 'v')).toBe('')
  })

  it.each(['createToken', 'proposeToken'] as const)(
    'throws from %s what AWS says, but never with the token in it',
    async method => {
      const { writer } = createPorts(new SecretsManagerClient(service.client))
      answer = {
        status: 400,
        body: { __type: 'InvalidParameterException', Message: 'bad value the-token' },
      }
      const error = await writer[method](7, 'the-token').catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ name: 'InvalidParameterException', message: 'bad value ********' })
      expect(inspect(error, { depth: 9 })).not.toContain('the-token')
      expect(service.calls).toHaveLength(1)
    },
  )

  it('reads the current version for a source that names none', async () => {
    const { reader } = createPorts(new SecretsManagerClient(service.client))
    expect(await reader.token(7, '')).toBe('the-token')
    expect(service.calls).toEqual([{ operation: 'GetSecretValue', input: { SecretId: NAME } }])
  })

  it('does not take the current version for the named one because that cannot be read for now', async () => {
    const { reader } = createPorts(new SecretsManagerClient(service.client))
    const current = answer
    answerFor = ({ input }) =>
      input['VersionId'] === undefined
        ? current
        : { status: 400, body: { __type: 'ThrottlingException', Message: 'slow down' } }
    await expect(reader.token(7, 'v')).rejects.toMatchObject({ name: 'ThrottlingException' })
  })

  it('finds nothing newer in one call if the named version is the current one', async () => {
    const { reader } = createPorts(new SecretsManagerClient(service.client))
    expect(await reader.newerToken(7, 'v')).toBeUndefined()
    expect(service.calls).toHaveLength(1)
  })

  it('finds nothing newer in a current version of the same second', async () => {
    const { reader } = createPorts(new SecretsManagerClient(service.client))
    answerFor = ({ input }) => ({
      body: { SecretString: 't', VersionId: input['VersionId'] ?? 'current', CreatedDate: 1_770_000_000 },
    })
    expect(await reader.newerToken(7, 'named')).toBeUndefined()
  })

  it.each<[string, string, object[] | undefined, object[]]>([
    ['nothing, if the source names no version', '', undefined, []],
    [
      'nothing, if the version is the current one',
      'a',
      [{ VersionId: 'a', VersionStages: ['AWSCURRENT'], CreatedDate: 5 }],
      [],
    ],
    [
      'nothing, if the current version is newer',
      'a',
      [
        { VersionId: 'a', CreatedDate: 4 },
        { VersionId: 'b', VersionStages: ['AWSCURRENT'], CreatedDate: 5 },
      ],
      [],
    ],
    [
      'a version of the same second',
      'a',
      [
        { VersionId: 'a', CreatedDate: 5 },
        { VersionId: 'b', VersionStages: ['AWSCURRENT'], CreatedDate: 5 },
      ],
      [{ MoveToVersionId: 'a', RemoveFromVersionId: 'b' }],
    ],
    ['a version of a secret that has no current one', 'a', undefined, [{ MoveToVersionId: 'a' }]],
  ])('promotes %s', async (_what, version, Versions, moves) => {
    const { writer } = createPorts(new SecretsManagerClient(service.client))
    answer = { body: Versions ? { Versions } : {} }
    await writer.promoteToken(7, version)
    const [listed, ...moved] = service.calls
    if (version !== '')
      expect(listed).toEqual({
        operation: 'ListSecretVersionIds',
        input: { SecretId: NAME, IncludeDeprecated: true },
      })
    expect(moved.map(({ input }) => input)).toEqual(
      moves.map(move => ({ SecretId: NAME, VersionStage: 'AWSCURRENT', ...move })),
    )
  })

  it('creates a secret under the given key, or under the key that AWS manages', async () => {
    const client = new SecretsManagerClient(service.client)
    const keyArn = 'arn:aws:kms:eu-west-1:123456789012:key/mine'
    await tokenSecrets(client, PREFIX, keyArn).createToken(7, 'the-token')
    await tokenSecrets(client, PREFIX).createToken(7, 'the-token')
    const [own, managed] = service.calls.map(({ input }) => input)
    expect(own).toMatchObject({ Name: NAME, KmsKeyId: keyArn })
    expect(managed).not.toHaveProperty('KmsKeyId')
  })

  it('proposes without moving AWSCURRENT', async () => {
    const { writer } = createPorts(new SecretsManagerClient(service.client))
    const version = await writer.proposeToken(7, 'the-token')
    expect(service.calls).toEqual([
      {
        operation: 'PutSecretValue',
        input: {
          SecretId: NAME,
          SecretString: 'the-token',
          ClientRequestToken: version,
          VersionStages: ['proposed'],
        },
      },
    ])
  })

  it('removes without a recovery window, and ignores what is gone', async () => {
    const { remover } = createPorts(new SecretsManagerClient(service.client))
    await remover.removeToken(7)
    expect(service.calls).toEqual([
      { operation: 'DeleteSecret', input: { SecretId: NAME, ForceDeleteWithoutRecovery: true } },
    ])
    answer = { status: 400, body: { __type: 'ResourceNotFoundException', Message: 'gone' } }
    await remover.removeToken(7)
    answer = { status: 400, body: { __type: 'AccessDeniedException', Message: 'no' } }
    await expect(remover.removeToken(7)).rejects.toThrow('no')
  })
})
