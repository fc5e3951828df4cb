import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

export interface SecretVersion {
  readonly value: string
  readonly stages: readonly string[]
  readonly createdMs?: number
}

export interface StoredSecret {
  readonly name: string
  readonly arn: string
  readonly description?: string
  /** ARN of the KMS key that encrypts it, if that is not AWS's own key. */
  readonly keyArn?: string
  readonly createdMs: number
  readonly changedMs: number
  /** When its recovery window ends. A secret with this time cannot be used. */
  readonly deletionMs?: number
  readonly versions: Readonly<Record<string, SecretVersion>>
}

/**
 * Keeps secrets in one file that only its owner can read. After a crash the file has its old content or its new one.
 */
export interface SecretStore {
  /** Finds a secret by name, full ARN, or ARN without its suffix. */
  find(id: string): StoredSecret | undefined
  put(secret: StoredSecret): void
  remove(name: string): void
}

export function openSecretStore(file: string): SecretStore {
  let secrets = read(file)
  const save = (next: ReadonlyMap<string, StoredSecret>) => {
    write(file, next)
    secrets = next
  }
  return {
    find: id => secrets.get(id) ?? byArn(secrets, id),
    put: secret => save(new Map(secrets).set(secret.name, secret)),
    remove(name) {
      const next = new Map(secrets)
      next.delete(name)
      save(next)
    },
  }
}

function byArn(secrets: ReadonlyMap<string, StoredSecret>, id: string): StoredSecret | undefined {
  if (!id.startsWith('arn:')) return undefined
  return secrets.values().find(({ arn }) => arn === id || arn.replace(/-[^-]{6}$/, '') === id)
}

function read(file: string): ReadonlyMap<string, StoredSecret> {
  if (!existsSync(file)) return new Map()
  const list = JSON.parse(readFileSync(file, 'utf8')) as readonly StoredSecret[]
  return new Map(list.map(secret => [secret.name, secret]))
}

function write(file: string, secrets: ReadonlyMap<string, StoredSecret>): void {
  const temporary = `${file}.new`
  writeFileSync(temporary, `${JSON.stringify([...secrets.values()], undefined, 2)}\n`, { mode: 0o600 })
  // The mode above counts only when the file is new.
  chmodSync(temporary, 0o600)
  renameSync(temporary, file)
}
