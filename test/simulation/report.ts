import { createHash } from 'node:crypto'
import type { CommandLine } from './command-line.ts'
import type { Counts, Outcome } from './simulation.ts'
import type { Breach } from './verdict.ts'

/** A seed whose world broke an invariant. */
export interface Broken extends Breach {
  readonly seed: string
  readonly replay: string
}

/** All that was simulated, as `--json` prints it. */
export interface Report extends Counts {
  readonly seeds: number
  readonly days: number
  readonly seconds: number
  readonly seedsPerSecond: number
  readonly virtualDaysPerSecond: number
  /** How often each fault struck. */
  readonly faults: Readonly<Record<string, number>>
  readonly generated: number
  readonly delivered: number
  readonly lost: number
  readonly doubled: number
  /** A hash of everything that happened in all seeds. It is the same on every machine. */
  readonly hash: string
  readonly broken: readonly Broken[]
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

const rounded = (value: number): number => Number(value.toPrecision(3))

function replayOf({ days, faults, steady }: CommandLine, seed: string): string {
  const named = steady ? ` --faults ${faults.join(',') || 'none'}` : ''
  return `npm run simulate -- --seed ${seed} --days ${days}${named}`
}

const bySeed = (outcomes: readonly Outcome[]): Outcome[] =>
  outcomes.toSorted((a, b) => Number(a.seed) - Number(b.seed))

const brokenOf = (outcomes: readonly Outcome[], line: CommandLine): Broken[] =>
  bySeed(outcomes).flatMap(({ seed, breach }) =>
    breach ? [{ seed, ...breach, replay: replayOf(line, seed) }] : [],
  )

function hashOf(outcomes: readonly Outcome[]): string {
  const hashes = bySeed(outcomes).map(({ seed, hash }) => `${seed} ${hash}`)
  return createHash('sha256').update(hashes.join()).digest('hex').slice(0, 16)
}

function faultsOf(outcomes: readonly Outcome[]): Record<string, number> {
  const sums = new Map<string, number>()
  for (const { injected } of outcomes) {
    for (const [fault, count] of injected) sums.set(fault, (sums.get(fault) ?? 0) + count)
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)))
}

export function reportOf(outcomes: readonly Outcome[], line: CommandLine, seconds: number): Report {
  const sum = (of: (outcome: Outcome) => number): number => sumOf(outcomes.map(of))
  const days = outcomes.length * line.days
  return {
    seeds: outcomes.length,
    days,
    seconds: rounded(seconds),
    seedsPerSecond: rounded(outcomes.length / seconds),
    virtualDaysPerSecond: rounded(days / seconds),
    generated: sum(({ tally }) => tally.generated),
    delivered: sum(({ tally }) => tally.delivered),
    lost: sum(({ tally }) => tally.lost),
    doubled: sum(({ tally }) => tally.doubled),
    runs: sum(({ counts }) => counts.runs),
    requests: sum(({ counts }) => counts.requests),
    opened: sum(({ counts }) => counts.opened),
    recovered: sum(({ counts }) => counts.recovered),
    quit: sum(({ counts }) => counts.quit),
    healthEvents: sum(({ counts }) => counts.healthEvents),
    sentAgain: sum(({ counts }) => counts.sentAgain),
    faults: faultsOf(outcomes),
    hash: hashOf(outcomes),
    broken: brokenOf(outcomes, line),
  }
}

function linesOf(rows: Readonly<Record<string, number>>): string {
  const entries = Object.entries(rows)
  const width = Math.max(...entries.map(([name]) => name.length))
  return entries.map(([name, value]) => `  ${name.padEnd(width)}  ${value.toLocaleString('en')}`).join('\n')
}

function breachText(broken: readonly Broken[]): string {
  const [first] = broken
  if (!first) return 'No invariant was broken.\n'
  return `BROKEN in ${broken.length === 1 ? 'one seed' : `${broken.length} seeds`}, first in seed ${first.seed} at ${first.at}:
  ${first.invariant}
  ${first.detail}

What happened before:
${first.trace.map(note => `  ${note}`).join('\n')}

Again:  ${first.replay}
`
}

/** Formats the report for people. */
export function reportText(report: Report): string {
  const { seeds, days, seconds, seedsPerSecond, virtualDaysPerSecond, faults, broken, hash, ...numbers } =
    report
  return `${seeds} seeds, ${days} virtual days in ${seconds} s: ${seedsPerSecond} seeds, ${virtualDaysPerSecond} days a second. Hash ${hash}.

Events and work:
${linesOf(numbers)}

Faults injected:
${Object.keys(faults).length > 0 ? linesOf(faults) : '  none'}

${breachText(broken)}`
}
