import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { maskedError } from '../domain/failure/masking.ts'
import { type AccessKey, parseAccessKeyRecord } from '../domain/source/access-key.ts'
import type { AccessKeyStore, AccessKeys } from '../ports.ts'
import { CURRENT, PROPOSED } from './secrets-manager.ts'

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** 48 of 62 characters are 285 bits, as many as the stack's first key has. */
const KEY_LENGTH = 48

/** Makes a key that nobody has had before. Its characters need no quotes in a shell. */
export const newAccessKey = (): AccessKey => ({
  accessId: `op${randomBytes(4).toString('hex')}`,
  accessKey: Array.from(
    { length: KEY_LENGTH },
    () => LETTERS_AND_DIGITS[randomInt(LETTERS_AND_DIGITS.length)],
  ).join(''),
})

/** Creates an error that says what the secret must hold. The error does not quote what the secret holds. */
const unreadable = (): Error =>
  new Error('the access-key secret must hold {"accessId":"…","accessKey":"…"}; put such a value')

/**
 * The access id and key of the admin URL, in Secrets Manager. They are read anew at each call. Throws if the secret
 * cannot be read.
 */
export const accessKeySecret = (client: SecretsManagerClient, secretId: string): AccessKeys => ({
  current: async () => {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }))
    const record = parseAccessKeyRecord(SecretString)
    if (!record) throw unreadable()
    return record
  },
})

/**
 * The clock of Secrets Manager, computed from the time in its last response. A key expires by this clock, not by the
 * clock of the caller's machine.
 */
function serviceClock(client: SecretsManagerClient): { now(): number } {
  let aheadMs = 0
  client.middlewareStack.add(
    next => async args => {
      const result = await next(args)
      const { headers } = result.response as { readonly headers?: Readonly<Record<string, string>> }
      const serviceMs = Date.parse(headers?.['date'] ?? '')
      if (!Number.isNaN(serviceMs)) aheadMs = serviceMs - Date.now()
      return result
    },
    { step: 'deserialize', name: 'serviceClock', override: true },
  )
  return { now: () => Date.now() + aheadMs }
}

/** The access-key secret, for commands that rotate the key. One conditional call makes a new value the current one. */
export function accessKeyStore(client: SecretsManagerClient, secretId: string): AccessKeyStore {
  const clock = serviceClock(client)
  const current = () => client.send(new GetSecretValueCommand({ SecretId: secretId, VersionStage: CURRENT }))

  /**
   * Returns whether this version is current now. AWS refuses to take the stage from a version that no longer has it:
   * another rotation was first, or an earlier try of this rotation succeeded and its response was lost.
   */
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
      const record = parseAccessKeyRecord(SecretString)
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
