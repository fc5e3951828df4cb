import { randomUUID } from 'node:crypto'
import { resumeClock } from '../clock/saved-clock.ts'
import { lockDataDirectory } from '../data-directory/lock.ts'
import { secretsFile } from '../gateway/gateway.ts'
import { openSecretStore, type SecretStore, type StoredSecret } from './secret-store.ts'
import { addVersion, findVersion } from './secret-versions.ts'

/** A secret of a data directory that no emulator uses at the moment. */
export interface StoppedSecret {
  /** Its current value, and the virtual time. */
  read(): { readonly value: string; readonly version: string; readonly nowMs: number }
  write(value: string): void
  /** Releases the directory. As long as the secret is open, no emulator can start on the directory. */
  close(): void
}

/** Opens a secret and locks its directory. Throws DataDirectoryInUse if an emulator uses the directory. */
export function openStoppedSecret(dataDir: string, arn: string): StoppedSecret {
  const lock = lockDataDirectory(dataDir)
  const store = openSecretStore(secretsFile(dataDir))
  const nowMs = resumeClock(dataDir, 1).now()
  const stored = () => findStored(store, dataDir, arn)
  return {
    read() {
      const { id, value } = findVersion(stored())
      return { value, version: id, nowMs }
    },
    write: value => store.put(addVersion(stored(), randomUUID(), value, nowMs)),
    close: lock.release,
  }
}

/** Returns the current value of a secret, as its file holds it at this moment. Throws if there is none. */
export const readStoredSecret = (dataDir: string, arn: string): string =>
  findVersion(findStored(openSecretStore(secretsFile(dataDir)), dataDir, arn)).value

function findStored(store: SecretStore, dataDir: string, arn: string): StoredSecret {
  const secret = store.find(arn)
  if (!secret) throw new Error(`${secretsFile(dataDir)} holds no ${arn}.`)
  return secret
}
