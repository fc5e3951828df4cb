import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { isInUse, openStoppedSecret, type StoppedSecret } from 'aws-emulator'
import { accessKeyStore } from '../../../shared/adapters/access-key-store.ts'
import { type AccessKey, parseAccessKeyRecord } from '../../../shared/domain/source/access-key.ts'
import type { AccessKeyStore } from '../../../shared/ports.ts'
import { accessKeyFile, type OwnerAccess, readOwnerAccess, saveAccessKey } from '../../local/owner-access.ts'
import type { KeyPlace } from './command-line.ts'

/** The place where a key is kept: a secret of AWS, or the files of a local stage. */
export interface KeyHolder {
  readonly store: AccessKeyStore
  /** Where the key is, in words for a person: `in the file …`. */
  readonly location: string
  /** Writes a new key to the files that hold a copy of it. */
  saveCopies(key: AccessKey): void
  close(): void
}

/** Opens the place. Throws, and says what to do, if there is no key. */
export const openKeyHolder = (place: KeyPlace): KeyHolder =>
  'secretId' in place ? openDeployed(place.secretId) : openLocal(place.dataDir)

function openDeployed(secretId: string): KeyHolder {
  const [, , , region] = secretId.split(':')
  const client = new SecretsManagerClient(region ? { region } : {})
  return {
    store: accessKeyStore(client, secretId),
    location: `in the secret ${secretId}; \`npm run access-key -- show --reveal --secret …\` prints it`,
    saveCopies: () => undefined,
    close: () => client.destroy(),
  }
}

function openLocal(dataDir: string): KeyHolder {
  const owner = readOwnerAccess(dataDir)
  if (!owner) throw new Error(`No local stage has been started in ${dataDir}: name another with --data.`)
  const { accessKeySecretArn: arn } = owner
  if (arn === undefined)
    throw new Error(`The admin URL of ${dataDir} asks for SigV4: there is no access key.`)
  const location = `in ${accessKeyFile(dataDir)}`
  const saveCopies = (key: AccessKey): void => void saveAccessKey(dataDir, key)
  return { location, saveCopies, ...(openStopped(dataDir, arn) ?? openRunning(owner, arn)) }
}

type Opened = Pick<KeyHolder, 'store' | 'close'>

/**
 * Opens the secret in the files of a stage. Returns undefined if the stage runs: then only the stage may write them.
 */
function openStopped(dataDir: string, arn: string): Opened | undefined {
  try {
    const secret = openStoppedSecret(dataDir, arn)
    return { store: toStore(secret), close: secret.close }
  } catch (error) {
    if (isInUse(error)) return undefined
    throw error
  }
}

function openRunning({ endpoint, region, credentials }: OwnerAccess, arn: string): Opened {
  const client = new SecretsManagerClient({ endpoint, region, credentials })
  return { store: accessKeyStore(client, arn), close: () => client.destroy() }
}

function toStore(secret: StoppedSecret): AccessKeyStore {
  return {
    async read() {
      const { value, version, nowMs } = secret.read()
      const record = parseAccessKeyRecord(value)
      if (!record) throw new Error('The secret holds no access key.')
      return { record, version, nowMs }
    },
    // Nobody else can write: the data directory is locked.
    async replace(record) {
      secret.write(JSON.stringify(record))
      return true
    },
  }
}
