import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder that goes away with the running test. */
export function temporaryFolder(): string {
  const { path, remove } = temporaryDirectory()
  onTestFinished(remove)
  return path
}

/** A directory that the caller owns, and how to remove it. */
export function temporaryDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'onepassword-source-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Paths of all files below a folder; none if there is no such folder. */
export function filesBelow(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  } catch {
    return []
  }
}
