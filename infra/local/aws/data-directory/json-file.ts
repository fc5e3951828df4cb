import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Returns the file's content, or undefined if there is no such file. Throws an error that names the file if it is not
 * JSON.
 */
export function readJson<T>(file: string): T | undefined {
  const text = readText(file)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as T
  } catch (error) {
    throw new Error(`${file} is no JSON (${(error as Error).message}): remove it, or use another --data.`)
  }
}

/** Replaces the file in one step: a reader sees the old content or the new. Only its owner can read it. */
export function writeJson(file: string, value: unknown): void {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  renameSync(draft, file)
}

export const removeFile = (file: string): void => rmSync(file, { force: true })

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
