import { type Account, startAccount } from './account.ts'
import { HELP } from './help.ts'
import { type CommandLine, readOptions, WrongOption } from './options.ts'
import { switchMode } from './switch-command.ts'

function complain(error: unknown, port: number | undefined): void {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  const reason = error instanceof Error ? error.message : String(error)
  console.error(taken ? `Port ${port} is taken: choose another with --port.` : reason)
  if (error instanceof WrongOption) console.error('npm run account -- --help explains the options.')
}

function introduce({ url, token }: Account, { eventFiles }: CommandLine): void {
  const content = eventFiles.length > 0 ? `the events of ${eventFiles.join(', ')}` : 'made-up events'
  console.log(`Simulated 1Password account with ${content}.

  Events API   ${url}
  Token        ${token}
               (simulated: it opens nothing but this account)

Make it misbehave:  curl -X PUT ${url}/control/mode -d '{"mode":"500","feature":"auditevents"}'
See what it does:   curl ${url}/control
Ctrl-C ends it.`)
}

function endOnSignal(account: Account): void {
  const end = () => {
    void account.close().then(() => process.exit(0))
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
}

async function start(options: CommandLine): Promise<void> {
  const account = await startAccount({ ...options, clock: Date })
  endOnSignal(account)
  introduce(account, options)
}

async function run(argv: readonly string[]): Promise<void> {
  const [command, ...rest] = argv
  if (command === 'mode') return console.log(await switchMode(rest))
  const options = readOptions(argv)
  port = options.port
  if (options.help) console.log(HELP)
  else await start(options)
}

let port: number | undefined
try {
  await run(process.argv.slice(2))
} catch (error) {
  complain(error, port)
  process.exitCode = error instanceof WrongOption ? 2 : 1
}
