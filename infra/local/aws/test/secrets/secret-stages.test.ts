import { randomUUID } from 'node:crypto'
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { expect, test } from 'vitest'
import { openGateway } from '../support/gateway-world.ts'

const NAME = 'Stack/source/7'
const DAY_MS = 86_400_000

/** A secret with one version, and short forms of the calls. */
async function secretWorld() {
  const start = Date.now()
  const time = { nowMs: start }
  await openGateway({ clock: { now: () => time.nowMs } })
  const client = new SecretsManagerClient({})
  const wait = (ms: number): void => {
    time.nowMs += ms
    client.config.systemClockOffset = time.nowMs - Date.now()
  }
  const put = async (
    SecretString: string,
    VersionStages?: string[],
    version = randomUUID(),
  ): Promise<string> => {
    const request = { SecretId: NAME, SecretString, ClientRequestToken: version }
    await client.send(new PutSecretValueCommand({ ...request, ...(VersionStages && { VersionStages }) }))
    return version
  }
  const move = (VersionStage: string, MoveToVersionId: string | undefined, RemoveFromVersionId?: string) =>
    client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: NAME,
        VersionStage,
        MoveToVersionId,
        RemoveFromVersionId,
      }),
    )
  const read = async (which: { VersionId?: string; VersionStage?: string } = {}) =>
    (await client.send(new GetSecretValueCommand({ SecretId: NAME, ...which }))).SecretString
  const stages = async () =>
    (await client.send(new DescribeSecretCommand({ SecretId: NAME }))).VersionIdsToStages
  const { VersionId: first = '' } = await client.send(
    new CreateSecretCommand({ Name: NAME, SecretString: 'one' }),
  )
  return { client, wait, put, move, read, stages, first }
}

const named = (name: string) => expect.objectContaining({ name })

test('puts a version into the named stages and leaves AWSCURRENT where it is', async () => {
  const { put, read, stages, first } = await secretWorld()
  const second = await put('two', ['proposed', 'mine'])
  expect([await read(), await read({ VersionStage: 'proposed' }), await read({ VersionId: second })]).toEqual(
    ['one', 'two', 'two'],
  )
  const third = await put('three', ['proposed'])
  expect(await stages()).toEqual({ [first]: ['AWSCURRENT'], [second]: ['mine'], [third]: ['proposed'] })
})

test('finds a version by id only if it has the stage that is named with it', async () => {
  const { put, read } = await secretWorld()
  const second = await put('two', ['proposed'])
  expect(await read({ VersionId: second, VersionStage: 'proposed' })).toBe('two')
  await expect(read({ VersionId: second, VersionStage: 'AWSCURRENT' })).rejects.toThrow(
    named('ResourceNotFoundException'),
  )
})

test('moves AWSCURRENT, leaves AWSPREVIOUS behind, and back', async () => {
  const { put, move, read, stages, first } = await secretWorld()
  const second = await put('two', ['proposed'])
  await move('AWSCURRENT', second, first)
  expect(await read()).toBe('two')
  expect(await stages()).toEqual({ [first]: ['AWSPREVIOUS'], [second]: ['proposed', 'AWSCURRENT'] })
  await move('AWSCURRENT', first, second)
  expect(await stages()).toEqual({ [first]: ['AWSCURRENT'], [second]: ['proposed', 'AWSPREVIOUS'] })
  await move('other', second)
  expect(await read({ VersionStage: 'other' })).toBe('two')
})

test('moves a stage only from the version that has it', async () => {
  const { put, move, first } = await secretWorld()
  const second = await put('two', ['proposed'])
  const refused = named('InvalidParameterException')
  await expect(move('AWSCURRENT', second)).rejects.toThrow(refused)
  await expect(move('AWSCURRENT', second, second)).rejects.toThrow(refused)
  await expect(move('AWSCURRENT', undefined, first)).rejects.toThrow(refused)
  await expect(move('AWSCURRENT', randomUUID(), first)).rejects.toThrow(named('ResourceNotFoundException'))
})

test('keeps a version without a stage for a day, and longer if there are few versions', async () => {
  const { put, read, wait } = await secretWorld()
  const second = await put('two', ['proposed'])
  await put('three', ['proposed'])
  wait(2 * DAY_MS)
  for (let i = 0; i < 96; i++) await put(`many ${i}`, ['proposed'])
  await put('hundred', ['proposed'])
  expect(await read({ VersionId: second })).toBe('two')
  await put('hundred and one', ['proposed'])
  await expect(read({ VersionId: second })).rejects.toThrow(named('ResourceNotFoundException'))
  expect(await read()).toBe('one')
})

test('lists when each version was created, and versions without a stage only on request', async () => {
  const { client, put, wait, first } = await secretWorld()
  const second = await put('two', ['proposed'])
  wait(5000)
  const third = await put('three', ['proposed'])
  const made = async (VersionId: string) =>
    (await client.send(new GetSecretValueCommand({ SecretId: NAME, VersionId }))).CreatedDate
  const list = async (IncludeDeprecated?: boolean) => {
    const request = { SecretId: NAME, ...(IncludeDeprecated && { IncludeDeprecated }) }
    const { Versions = [] } = await client.send(new ListSecretVersionIdsCommand(request))
    return Versions.map(({ VersionId, VersionStages, CreatedDate }) => [
      VersionId,
      VersionStages,
      CreatedDate,
    ])
  }
  const [oldest, newest] = [
    [first, ['AWSCURRENT'], await made(first)],
    [third, ['proposed'], await made(third)],
  ]
  expect(await list()).toEqual([oldest, newest])
  expect(await list(true)).toEqual([oldest, [second, undefined, await made(second)], newest])
  expect(Number(await made(third)) - Number(await made(second))).toBe(5000)
})

test('refuses stages that are not labels, and more than twenty stages', async () => {
  const { put } = await secretWorld()
  await expect(put('two', [])).rejects.toThrow(named('InvalidParameterException'))
  await expect(put('two', [''])).rejects.toThrow(named('InvalidParameterException'))
  const many = Array.from({ length: 20 }, (_, i) => `stage-${i}`)
  await expect(put('two', many)).rejects.toThrow(named('LimitExceededException'))
  await put('two', many.slice(1))
})

test('restores a secret within its recovery window', async () => {
  const { client, read } = await secretWorld()
  await client.send(new DeleteSecretCommand({ SecretId: NAME }))
  await client.send(new RestoreSecretCommand({ SecretId: NAME }))
  expect(await read()).toBe('one')
  await client.send(new DeleteSecretCommand({ SecretId: NAME, ForceDeleteWithoutRecovery: true }))
  await expect(client.send(new RestoreSecretCommand({ SecretId: NAME }))).rejects.toThrow(
    named('ResourceNotFoundException'),
  )
})
