import { runCommand } from '../../command-line/command.ts'
import { HELP, readCommandLine } from './command-line.ts'
import { countTemplate, estimateOf } from './estimate.ts'
import { jsonOf } from './json.ts'
import { tableOf } from './table.ts'

async function run(argv: readonly string[]): Promise<string> {
  const line = readCommandLine(argv)
  if (line.command === 'help') return HELP
  const { scenario } = line
  const estimated = estimateOf(scenario, await countTemplate(scenario.apis))
  return line.json ? `${JSON.stringify(jsonOf(estimated), undefined, 2)}\n` : `${tableOf(estimated)}\n`
}

await runCommand({ name: 'npm run cost', run })
