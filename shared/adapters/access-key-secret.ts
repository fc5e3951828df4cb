import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { accessKeyRecord } from '../domain/source/access-key.ts'
import type { AccessKeys } from '../ports.ts'

/** Says what the secret must hold and nothing of what it holds. */
const unreadable = (): Error =>
  new Error('the access-key secret must hold {"accessId":"…","accessKey":"…"}; put such a value')

/** The admin URL's access id and key in Secrets Manager, read anew at each call. Throws if the secret is not readable. */
export const accessKeySecret = (client: SecretsManagerClient, secretId: string): AccessKeys => ({
  current: async () => {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }))
    const record = accessKeyRecord(SecretString)
    if (!record) throw unreadable()
    return record
  },
})
