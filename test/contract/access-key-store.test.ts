import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import { accessKeySecret, accessKeyStore, newAccessKey } from '../../shared/adapters/access-key-store.ts'
import { openGateway, SECRET_ARN } from '../support/aws-gateway.ts'
import { accessKeyContract } from './access-key-contract.ts'

const storeHere = () => accessKeyStore(new SecretsManagerClient({ maxAttempts: 2 }), SECRET_ARN)

accessKeyContract('in the emulator', async () => {
  await openGateway()
  return storeHere
})

describe('the store of the access key, on Secrets Manager', () => {
  it('recognises its own rotation when the answer was lost', async () => {
    let lost = 0
    await openGateway({
      intercept: ({ action }, phase) =>
        action === 'UpdateSecretVersionStage' && phase === 'after' && lost++ === 0
          ? { kind: 'drop' }
          : undefined,
    })
    const store = storeHere()
    const key = newAccessKey()
    expect(await store.replace(key, (await store.read()).version)).toBe(true)
    expect((await store.read()).record).toEqual(key)
    expect(lost).toBeGreaterThanOrEqual(1)
  })

  it('changes nothing if it dies after it has put the new value and before it makes it current', async () => {
    await openGateway({
      intercept: ({ action }, phase) =>
        action === 'UpdateSecretVersionStage' && phase === 'before'
          ? { kind: 'error', status: 400, code: 'ThrottlingException', message: 'slow down' }
          : undefined,
    })
    const store = storeHere()
    const before = await store.read()
    await expect(store.replace(newAccessKey(), before.version)).rejects.toThrow('slow down')
    expect(await store.read()).toMatchObject({ record: before.record, version: before.version })
  })

  it('gives the admin function the key, and both refuse a value that is none without quoting it', async () => {
    await openGateway()
    const client = new SecretsManagerClient({})
    const store = storeHere()
    const key = newAccessKey()
    await store.replace(key, (await store.read()).version)
    const keys = accessKeySecret(client, SECRET_ARN)
    expect(await keys.current()).toEqual(key)
    await client.send(new PutSecretValueCommand({ SecretId: SECRET_ARN, SecretString: 'hunter2' }))
    await expect(keys.current()).rejects.toThrow(/^the access-key secret must hold .*; put such a value$/)
    await expect(store.read()).rejects.toThrow(/^The secret holds no access key.$/)
  })

  it('returns the time of the service', async () => {
    const aheadMs = 100 * 86_400_000
    await openGateway({ clock: { now: () => Date.now() + aheadMs } })
    const { nowMs } = await storeHere().read()
    expect(Math.abs(nowMs - Date.now() - aheadMs)).toBeLessThan(5000)
  })

  it('never shows a key in an error', async () => {
    const key = newAccessKey()
    await openGateway({
      intercept: ({ action }) =>
        action === 'PutSecretValue'
          ? { kind: 'error', status: 400, code: 'ValidationException', message: `bad ${key.accessKey}` }
          : undefined,
    })
    const store = storeHere()
    const { version } = await store.read()
    const error = await store.replace(key, version).catch(thrown => thrown)
    expect(error).toMatchObject({ name: 'ValidationException', message: 'bad ********' })
    expect(String(error.stack)).not.toContain(key.accessKey)
  })
})
