import { runCommand } from '../../command-line/command.ts'
import { HELP, readCommandLine } from './command-line.ts'
import { computeEstimate, countTemplate } from './estimate.ts'
import { toJson } from './json.ts'
import { formatEstimate } from './table.ts'

async function run(argv: readonly string[]): Promise<string> {
  const line = readCommandLine(argv)
  if (line.command === 'help') return HELP
  const { scenario } = line
  const estimate = computeEstimate(scenario, await countTemplate(scenario.apis))
  return line.json ? `${JSON.stringify(toJson(estimate), undefined, 2)}\n` : `${formatEstimate(estimate)}\n`
}

await runCommand({ name: 'npm run cost', run })
