import { type CommandResult, runCommand } from '../../command-line/command.ts'
import { UsageError } from '../../command-line/options.ts'
import { type Account, startAccount } from '../../local/account/account.ts'
import { putMode } from '../../local/account/control-client.ts'
import { HELP } from './help.ts'
import { type AccountCommandLine, readModeOptions, readOptions } from './options.ts'

function describeAccount({ url, token }: Account, eventFiles: readonly string[]): string {
  const content = eventFiles.length > 0 ? `the events of ${eventFiles.join(', ')}` : 'made-up events'
  return `Simulated 1Password account with ${content}.

  Events API   ${url}
  Token        ${token}
               (simulated: it opens nothing but this account)

Make it misbehave:  curl -X PUT ${url}/control/mode -d '{"mode":"500","feature":"auditevents"}'
See what it does:   curl ${url}/control
Ctrl-C ends it.
`
}

function endOnSignal(account: Account): void {
  const end = (): void => {
    void account.close().then(() => process.exit(0))
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
}

/** Starts the account. It runs until a signal ends the process. */
async function start(options: AccountCommandLine): Promise<string> {
  try {
    const account = await startAccount({ ...options, clock: Date })
    endOnSignal(account)
    return describeAccount(account, options.eventFiles)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new Error(`Port ${options.port} is taken: choose another with --port.`)
  }
}

async function switchMode(argv: readonly string[]): Promise<string> {
  const line = readModeOptions(argv)
  if (line === 'help') return HELP
  const switched = await putMode(line.url, line)
  if (!switched.isSwitched) throw new UsageError(switched.fault)
  const who = line.destination === undefined ? 'account' : `destination ${line.destination}`
  return `The ${who} at ${line.url} is now in mode ${line.mode} for ${line.feature ?? 'everything'}.\n`
}

async function run(argv: readonly string[]): Promise<CommandResult> {
  const [command, ...rest] = argv
  if (command === 'mode') return await switchMode(rest)
  const options = readOptions(argv)
  return options.help ? HELP : await start(options)
}

await runCommand({ name: 'npm run account', run })
