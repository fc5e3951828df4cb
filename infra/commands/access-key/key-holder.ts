import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { isInUse, openStoppedSecret, type StoppedSecret } from 'aws-emulator'
import { accessKeyStore } from '../../../shared/adapters/access-key-store.ts'
import { type AccessKey, accessKeyRecord } from '../../../shared/domain/source/access-key.ts'
import type { AccessKeyStore } from '../../../shared/ports.ts'
import { accessKeyFile, type OwnerAccess, ownerAccess, saveAccessKey } from '../../local/owner-access.ts'
import type { KeyPlace } from './command-line.ts'

/** Where a key is kept, opened. */
export interface KeyHolder {
  readonly store: AccessKeyStore
  /** Where a person finds the key, in words. */
  readonly whereabouts: string
  /** Tells those beside the store of a new key. */
  announce(key: AccessKey): void
  close(): void
}

/** Opens it. Throws with what to do if there is none. */
export const openKeyHolder = (place: KeyPlace): KeyHolder =>
  'secretId' in place ? deployed(place.secretId) : local(place.dataDir)

function deployed(secretId: string): KeyHolder {
  const [, , , region] = secretId.split(':')
  const client = new SecretsManagerClient(region ? { region } : {})
  return {
    store: accessKeyStore(client, secretId),
    whereabouts: `in the secret ${secretId}; \`npm run access-key -- show --reveal --secret …\` tells it`,
    announce: () => undefined,
    close: () => client.destroy(),
  }
}

function local(dataDir: string): KeyHolder {
  const owner = ownerAccess(dataDir)
  if (!owner) throw new Error(`No local stage has been started in ${dataDir}: name another with --data.`)
  const { accessKeySecretArn: arn } = owner
  if (arn === undefined)
    throw new Error(`The admin URL of ${dataDir} asks for SigV4: there is no access key.`)
  const whereabouts = `in ${accessKeyFile(dataDir)}`
  const announce = (key: AccessKey): void => void saveAccessKey(dataDir, key)
  return { whereabouts, announce, ...(stopped(dataDir, arn) ?? running(owner, arn)) }
}

type Opened = Pick<KeyHolder, 'store' | 'close'>

/** undefined if a stage runs there: then the secret is its own to write. */
function stopped(dataDir: string, arn: string): Opened | undefined {
  try {
    const secret = openStoppedSecret(dataDir, arn)
    return { store: storeOf(secret), close: secret.close }
  } catch (error) {
    if (isInUse(error)) return undefined
    throw error
  }
}

function running({ endpoint, region, credentials }: OwnerAccess, arn: string): Opened {
  const client = new SecretsManagerClient({ endpoint, region, credentials })
  return { store: accessKeyStore(client, arn), close: () => client.destroy() }
}

function storeOf(secret: StoppedSecret): AccessKeyStore {
  return {
    async read() {
      const { value, version, nowMs } = secret.read()
      const record = accessKeyRecord(value)
      if (!record) throw new Error('The secret holds no access key.')
      return { record, version, nowMs }
    },
    // Nobody else writes while the directory is ours.
    async replace(record) {
      secret.write(JSON.stringify(record))
      return true
    },
  }
}
