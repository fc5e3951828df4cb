import { inspect } from 'node:util'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { tokenCache } from '../../shared/adapters/token-cache.ts'
import { fakeClock } from '../support/fakes/clock.ts'
import { fakeTokens } from '../support/fakes/tokens.ts'
import { type JsonService, type ServiceAnswer, startJsonService } from '../support/json-service.ts'
import { tokensContract } from './tokens-contract.ts'

const PREFIX = 'Stack/source/'

let service: JsonService
let stored: ReadonlyMap<number, string> = new Map()
let failing: ServiceAnswer | undefined

function secretValue(name: unknown): ServiceAnswer {
  const value = stored.get(Number(String(name).slice(PREFIX.length)))
  if (value === undefined || !String(name).startsWith(PREFIX)) {
    return { status: 400, body: { __type: 'ResourceNotFoundException', Message: 'no such secret' } }
  }
  return { body: { Name: name, SecretString: value, ARN: 'arn', VersionId: 'v' } }
}

beforeAll(async () => {
  service = await startJsonService(({ input }) => failing ?? secretValue(input['SecretId']))
})
afterAll(() => service.close())
beforeEach(() => {
  failing = undefined
  service.calls.length = 0
})

function openCache(secrets: ReadonlyMap<number, string>, clock = fakeClock()) {
  stored = secrets
  return tokenCache(new SecretsManagerClient(service.client), PREFIX, clock)
}

tokensContract('in memory', fakeTokens)
tokensContract('in Secrets Manager', openCache)

it('asks Secrets Manager once in five minutes, by the name of the source’s secret', async () => {
  const tokens = openCache(new Map([[7, 'token']]))
  for (let i = 0; i < 5; i++) await tokens.token(7)
  expect(service.calls).toEqual([{ operation: 'GetSecretValue', input: { SecretId: 'Stack/source/7' } }])
})

it.each(['AccessDeniedException', 'ThrottlingException', 'InternalServiceError', 'DecryptionFailure'])(
  'passes %s on as it is, caches nothing of it, and shows no token in it',
  async type => {
    const tokens = openCache(new Map([[7, 'the-token']]))
    await tokens.token(7)
    tokens.forget(7)
    failing = { status: 400, body: { __type: type, Message: 'not now' } }
    const error = await tokens.token(7).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: type })
    expect(inspect(error, { depth: 9 })).not.toContain('the-token')
    failing = undefined
    expect(await tokens.token(7)).toBe('the-token')
  },
)

it('gives a value without text as an empty token, for the run to refuse', async () => {
  const tokens = openCache(new Map())
  failing = { body: { Name: 'x', SecretBinary: 'AAAA' } }
  expect(await tokens.token(7)).toBe('')
})
