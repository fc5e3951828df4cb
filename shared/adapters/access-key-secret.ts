import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { isJsonObject } from '../domain/request-section.ts'
import type { AccessKey, AccessKeys } from '../ports.ts'

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** Says what the secret must hold and nothing of what it holds. */
const unreadable = (): Error =>
  new Error('the access-key secret must hold {"accessId":"…","accessKey":"…"}; put such a value')

function accessKeyOf(secret: string): AccessKey {
  let value: unknown
  try {
    value = JSON.parse(secret)
  } catch {
    throw unreadable()
  }
  if (!isJsonObject(value)) throw unreadable()
  const { accessId, accessKey } = value
  if (!isText(accessId) || !isText(accessKey)) throw unreadable()
  return { accessId, accessKey }
}

/** The admin URL's access id and key in Secrets Manager, read anew at each call. Throws if the secret is not readable. */
export const accessKeySecret = (client: SecretsManagerClient, secretId: string): AccessKeys => ({
  current: async () => {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }))
    return accessKeyOf(SecretString)
  },
})
