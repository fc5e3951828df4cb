import { randomUUID } from 'node:crypto'
import { resumeClock } from '../clock/saved-clock.ts'
import { lockDataDirectory } from '../data-directory/lock.ts'
import { secretsFile } from '../gateway/gateway.ts'
import { openSecretStore } from './secret-store.ts'
import { versionOf, withVersion } from './secret-versions.ts'

/** A secret of a data directory that no stage runs on. */
export interface StoppedSecret {
  /** Its current value, and the virtual time. */
  read(): { readonly value: string; readonly version: string; readonly nowMs: number }
  write(value: string): void
  /** Until then no stage can start on the directory. */
  close(): void
}

/** Opens it under the directory's lock. Throws DataDirectoryInUse if a stage runs there. */
export function openStoppedSecret(dataDir: string, arn: string): StoppedSecret {
  const lock = lockDataDirectory(dataDir)
  const store = openSecretStore(secretsFile(dataDir))
  const nowMs = resumeClock(dataDir, 1).now()
  const stored = () => {
    const secret = store.find(arn)
    if (!secret) throw new Error(`${secretsFile(dataDir)} holds no ${arn}.`)
    return secret
  }
  return {
    read() {
      const { id, value } = versionOf(stored())
      return { value, version: id, nowMs }
    },
    write: value => store.put(withVersion(stored(), randomUUID(), value, nowMs)),
    close: lock.release,
  }
}
