import { refuseUnreadableFiles } from './event-file-check.ts'
import { HELP } from './help.ts'
import { parseOptions } from './options.ts'
import { runStage } from './session.ts'

/** `npm start`: the command line of the local stage. */
async function main(): Promise<number> {
  const token = process.env['OP_EVENTS_TOKEN']
  const options = parseOptions(process.argv.slice(2), token !== undefined && token !== '')
  if (options.help) {
    process.stdout.write(HELP)
    return 0
  }
  await refuseUnreadableFiles(options.eventFiles)
  return await runStage(options, process.env)
}

try {
  process.exit(await main())
} catch (error) {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  process.stderr.write(
    name === 'UsageError' ? `${message}\n\`npm start -- --help\` explains every option.\n` : `${message}\n`,
  )
  process.exit(name === 'UsageError' ? 2 : 1)
}
