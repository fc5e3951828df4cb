import { runCommand } from '../../command-line/command.ts'
import { HELP, readCommandLine } from './command-line.ts'
import { startConsole } from './server.ts'
import { openUpstream } from './upstream.ts'

async function start(argv: readonly string[]): Promise<string> {
  const line = readCommandLine(argv)
  if (line.command === 'help') return HELP
  const upstream = openUpstream(line.place)
  try {
    const { url, close } = await startConsole(upstream, line.port, text => process.stderr.write(`${text}\n`))
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void close().then(() => process.exit(0)))
    return `Console  ${url}\n\nIt shows ${upstream.url.origin}. Ctrl-C ends it.\n`
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new Error(`Port ${line.port} is taken: choose another with --port.`)
  }
}

await runCommand({ name: 'npm run console', run: start })
