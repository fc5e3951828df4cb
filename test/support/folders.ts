import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Creates a folder that is removed when the running test ends. */
export function temporaryFolder(): string {
  const { path, remove } = temporaryDirectory()
  onTestFinished(remove)
  return path
}

/** Creates a directory. The caller must call `remove` when it is no longer needed. */
export function temporaryDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'onepassword-source-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Returns the paths of all files below a folder. Returns none if there is no such folder. */
export function filesBelow(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  } catch {
    return []
  }
}
