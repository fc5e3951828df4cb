import { open } from 'node:fs/promises'
import { UsageError } from '../command-line/options.ts'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
}

async function findFault(file: string): Promise<string | undefined> {
  try {
    await using handle = await open(file)
    if ((await handle.stat()).isDirectory()) return 'it is a directory'
    return undefined
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    return REASONS[code] ?? message
  }
}

/** Throws UsageError with a line for every file of `--events` that cannot be read. */
export async function refuseUnreadableFiles(files: readonly string[]): Promise<void> {
  const faults: string[] = []
  for (const file of files) {
    const fault = await findFault(file)
    if (fault)
      faults.push(`--events: ${file} cannot be read, ${fault}: name files of events, or leave it out.`)
  }
  if (faults.length > 0) throw new UsageError(faults.join('\n'))
}
