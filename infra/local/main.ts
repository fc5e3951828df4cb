import { type CommandResult, runCommand } from '../command-line/command.ts'
import { refuseUnreadableFiles } from './event-file-check.ts'
import { HELP } from './help.ts'
import { parseOptions } from './options.ts'
import { runStage } from './session.ts'

/** `npm start`: the command line of the local stage. The session prints what it has to say while it runs. */
async function run(argv: readonly string[]): Promise<CommandResult> {
  const token = process.env['OP_EVENTS_TOKEN']
  const options = parseOptions(argv, token !== undefined && token !== '')
  if (options.help) return HELP
  await refuseUnreadableFiles(options.eventFiles)
  return { output: '', exitCode: await runStage(options, process.env) }
}

await runCommand({ name: 'npm start', run })
// A function of the stage may have left a timer or a connection open.
process.exit()
