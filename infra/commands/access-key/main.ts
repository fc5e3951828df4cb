import { type CommandLine, HELP, readCommandLine } from './command-line.ts'
import { openKeyHolder } from './key-holder.ts'
import { rotate } from './rotate.ts'
import { show } from './show.ts'

async function run(given: CommandLine): Promise<string> {
  if (given.command === 'help') return HELP
  const holder = openKeyHolder(given.place)
  try {
    return given.command === 'rotate' ? await rotate(holder, given.keepMs) : await show(holder, given.reveal)
  } finally {
    holder.close()
  }
}

/** `npm run access-key` */
try {
  process.stdout.write(await run(readCommandLine(process.argv.slice(2))))
} catch (error) {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  const isUsage = name === 'UsageError'
  // A refused connection has no message of its own.
  process.stderr.write(`${message || name}\n`)
  if (isUsage) process.stderr.write('`npm run access-key -- --help` explains the options.\n')
  process.exitCode = isUsage ? 2 : 1
}
