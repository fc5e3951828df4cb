import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJson, removeFile } from './json-file.ts'

interface Holder {
  readonly pid: number
  /** Tells a process from a later one with its number; absent where the system does not say. */
  readonly started?: string
}

/** Fields 3 and 22 of /proc/PID/stat, counted after the command's name, which may hold anything. */
function readProcessStat(pid: number): { readonly state?: string; readonly started?: string } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { ...(fields[0] && { state: fields[0] }), ...(fields[19] && { started: fields[19] }) }
  } catch {
    return {}
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const now = readProcessStat(pid)
  // A killed process that its parent has not yet waited for still takes signals.
  return now.state !== 'Z' && (started === undefined || started === now.started)
}

/** True if the lock is ours now; false if somebody holds it. The link makes it appear whole or not at all. */
function tryToLock(file: string, holder: Holder): boolean {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(holder))
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Another process has the data directory. Recognise it with `isInUse`. */
class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse'
}

export const isInUse = (error: unknown): boolean =>
  error instanceof Error && error.name === 'DataDirectoryInUse'

/**
 * Makes the data directory if need be and keeps every other stage out of it until released. A lock whose process has
 * died is taken over. Throws DataDirectoryInUse if another process has it.
 */
export function lockDataDirectory(dataDir: string): { release(): void } {
  // E-mail addresses, IP addresses and tokens lie below it.
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const file = join(dataDir, 'lock')
  const { started } = readProcessStat(process.pid)
  const holder = { pid: process.pid, ...(started !== undefined && { started }) }
  if (!tryToLock(file, holder)) {
    const other = readJson<Holder>(file)
    if (other && isAlive(other)) {
      throw new DataDirectoryInUse(
        `${dataDir} is in use by process ${other.pid}: stop it, or use another --data.`,
      )
    }
    removeFile(file)
    if (!tryToLock(file, holder))
      throw new DataDirectoryInUse(`${dataDir} was just taken by another process: use another --data.`)
  }
  return { release: () => removeFile(file) }
}
