import { randomUUID } from 'node:crypto'
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { maskedError } from '../domain/failure/loggable-error.ts'
import { accessKeyRecord } from '../domain/source/access-key.ts'
import type { AccessKeyStore } from '../ports.ts'
import { CURRENT, PROPOSED } from './secret-stages.ts'

/** Keeps what time the service's last answer told: keys expire by its clock, not by that of the caller's machine. */
function serviceClock(client: SecretsManagerClient): { now(): number } {
  let aheadMs = 0
  client.middlewareStack.add(
    next => async args => {
      const result = await next(args)
      const { headers } = result.response as { readonly headers?: Readonly<Record<string, string>> }
      const toldMs = Date.parse(headers?.['date'] ?? '')
      if (!Number.isNaN(toldMs)) aheadMs = toldMs - Date.now()
      return result
    },
    { step: 'deserialize', name: 'serviceClock', override: true },
  )
  return { now: () => Date.now() + aheadMs }
}

/** The access-key secret for who rotates it: a new value becomes the current one in one conditional step. */
export function accessKeyStore(client: SecretsManagerClient, secretId: string): AccessKeyStore {
  const clock = serviceClock(client)
  const current = () => client.send(new GetSecretValueCommand({ SecretId: secretId, VersionStage: CURRENT }))

  /** AWS refuses to take the stage from a version that does not have it. A try of ours may have had it before. */
  async function promote(version: string, expected: string): Promise<boolean> {
    const move = { VersionStage: CURRENT, MoveToVersionId: version, RemoveFromVersionId: expected }
    try {
      await client.send(new UpdateSecretVersionStageCommand({ SecretId: secretId, ...move }))
      return true
    } catch (error) {
      const { VersionId } = await current()
      if (VersionId === expected) throw error
      return VersionId === version
    }
  }

  return {
    async read() {
      const { SecretString = '', VersionId = '' } = await current()
      const record = accessKeyRecord(SecretString)
      if (!record) throw new Error('The secret holds no access key.')
      return { record, version: VersionId, nowMs: clock.now() }
    },

    async replace(record, expectedVersion) {
      const version = randomUUID()
      const value = {
        SecretString: JSON.stringify(record),
        ClientRequestToken: version,
        VersionStages: [PROPOSED],
      }
      try {
        await client.send(new PutSecretValueCommand({ SecretId: secretId, ...value }))
      } catch (error) {
        throw maskedError(error, [record.accessKey, record.previous?.accessKey ?? record.accessKey])
      }
      return await promote(version, expectedVersion)
    },
  }
}
