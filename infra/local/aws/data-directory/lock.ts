import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJson, removeFile } from './json-file.ts'

interface Holder {
  readonly pid: number
  /**
   * When the process started. A later process with the same number has another time here. Absent if the system does
   * not say.
   */
  readonly started?: string
}

/**
 * Reads fields 3 and 22 of /proc/PID/stat. They are counted from the end of the command's name, which may contain
 * anything.
 */
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
  // A killed process still takes signals until its parent has waited for it.
  return now.state !== 'Z' && (started === undefined || started === now.started)
}

/**
 * Returns true if the lock is ours now, false if somebody else holds it. The link makes a complete file appear at
 * once, so nobody reads a half-written lock.
 */
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

/** Another process uses the data directory. Recognise this error with `isInUse`. */
class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse'
}

export const isInUse = (error: unknown): boolean =>
  error instanceof Error && error.name === 'DataDirectoryInUse'

/**
 * Makes the data directory if it is missing, and keeps every other emulator out of it until released. Takes over the
 * lock of a process that has died. Throws DataDirectoryInUse if another process uses the directory.
 */
export function lockDataDirectory(dataDir: string): { release(): void } {
  // The directory holds e-mail addresses, IP addresses and tokens.
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
