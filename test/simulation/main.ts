import { inspect } from 'node:util'
import { type CommandResult, runCommand } from '../../infra/command-line/command.ts'
import { HELP, readCommandLine } from './command-line.ts'
import { reportOf, reportText } from './report.ts'
import { simulateSeeds } from './seeds.ts'
import type { Outcome } from './simulation.ts'

function showProgress(done: number, all: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${all} seeds${done === all ? '\n' : ''}`)
}

/** Fails if an invariant was broken. */
async function run(argv: readonly string[]): Promise<CommandResult> {
  const line = readCommandLine(argv)
  if (line.help) return HELP
  const { seed, seeds, days, faults, steady, json } = line
  const outcomes: Outcome[] = []
  const startMs = performance.now()
  const names = Array.from({ length: seeds }, (_, i) => String(seed + i))
  await simulateSeeds({ days, faults, steady }, names, outcome => {
    outcomes.push(outcome)
    showProgress(outcomes.length, seeds)
  })
  const report = reportOf(outcomes, line, (performance.now() - startMs) / 1000)
  const output = json ? `${JSON.stringify(report)}\n` : reportText(report)
  return { output, exitCode: report.broken.length === 0 ? 0 : 1 }
}

await runCommand({ name: 'npm run simulate', run, describeError: inspect })
