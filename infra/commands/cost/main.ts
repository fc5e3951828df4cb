import { type CommandLine, HELP, readCommandLine } from './command-line.ts'
import { countTemplate, estimateOf } from './estimate.ts'
import { jsonOf } from './json.ts'
import { tableOf } from './table.ts'

async function run(given: CommandLine): Promise<string> {
  if (given.command === 'help') return HELP
  const { scenario } = given
  const estimated = estimateOf(scenario, await countTemplate(scenario.apis))
  return given.json ? `${JSON.stringify(jsonOf(estimated), undefined, 2)}\n` : `${tableOf(estimated)}\n`
}

/** `npm run cost` */
try {
  process.stdout.write(await run(readCommandLine(process.argv.slice(2))))
} catch (error) {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  const isUsage = name === 'UsageError'
  process.stderr.write(`${message}\n`)
  if (isUsage) process.stderr.write('`npm run cost -- --help` explains the options.\n')
  process.exitCode = isUsage ? 2 : 1
}
