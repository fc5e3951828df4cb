import { inspect } from 'node:util'
import { type CommandLine, HELP, readCommandLine } from './command-line.ts'
import { reportOf, reportText } from './report.ts'
import { simulateSeeds } from './seeds.ts'
import type { Outcome } from './simulation.ts'

function progress(done: number, all: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${all} seeds${done === all ? '\n' : ''}`)
}

/** Answers whether no invariant was broken. */
async function run(line: CommandLine): Promise<boolean> {
  const { seed, seeds, days, faults, steady, json } = line
  const outcomes: Outcome[] = []
  const startMs = performance.now()
  const names = Array.from({ length: seeds }, (_, i) => String(seed + i))
  await simulateSeeds({ days, faults, steady }, names, outcome => {
    outcomes.push(outcome)
    progress(outcomes.length, seeds)
  })
  const report = reportOf(outcomes, line, (performance.now() - startMs) / 1000)
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : reportText(report))
  return report.broken.length === 0
}

/** `npm run simulate` */
try {
  const line = readCommandLine(process.argv.slice(2))
  if (line.help) process.stdout.write(HELP)
  else process.exitCode = (await run(line)) ? 0 : 1
} catch (error) {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  const isUsage = name === 'UsageError'
  process.stderr.write(
    isUsage ? `${message}\n\`npm run simulate -- --help\` explains the options.\n` : `${inspect(error)}\n`,
  )
  process.exitCode = isUsage ? 2 : 1
}
