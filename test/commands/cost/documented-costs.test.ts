import { beforeAll, describe, expect, it } from 'vitest'
import { HOURS_PER_MONTH } from '../../../infra/commands/cost/assumptions.ts'
import { total as totalOfBill } from '../../../infra/commands/cost/bill.ts'
import { readCommandLine } from '../../../infra/commands/cost/command-line.ts'
import {
  type Counts,
  computeEstimate,
  countTemplate,
  type Estimate,
} from '../../../infra/commands/cost/estimate.ts'
import { PRICES } from '../../../infra/commands/cost/prices.ts'
import { formatEstimate } from '../../../infra/commands/cost/table.ts'
import { readText } from '../../docs/guide.ts'

const DOCUMENT = readText('docs/cost.md')
const NUMBER = /\d(?:[\d,.]*\d)?/g
const TOLERANCE = 0.02

interface Shown {
  readonly options: string
  readonly lines: readonly string[]
}

const splitLines = (text: string): string[] =>
  text
    .split('\n')
    .map(line => line.trim().replaceAll(/\s+/g, ' '))
    .filter(line => line !== '')

/** Each `npm run cost` of docs/cost.md with the output that follows it. */
const SHOWN: readonly Shown[] = Array.from(
  DOCUMENT.matchAll(/^```\nnpm run cost -- (.+)\n```\n\n```\n([\s\S]*?)^```$/gm),
  ([, options = '', output = '']) => ({ options, lines: splitLines(output) }),
)

let counts: Counts
beforeAll(async () => {
  counts = await countTemplate(2)
}, 120_000)

function estimated(options: string): Estimate {
  const given = readCommandLine(options.split(' '))
  if (given.command === 'help') throw new Error(`${options} asks for help`)
  return computeEstimate(given.scenario, counts)
}

const hideNumbers = (line: string): string => line.replaceAll(NUMBER, '#')
const findNumbers = (line: string): string[] => line.match(NUMBER) ?? []
const parseAmount = (text: string): number => Number(text.replaceAll(',', ''))

/** Returns whether two numbers differ by at most two per cent, or by one in the last digit that is shown. */
function isAlike(shown: string, told: string): boolean {
  const [a, b] = [parseAmount(shown), parseAmount(told)]
  const lastDigit = 10 ** -(shown.split('.')[1]?.length ?? 0)
  return Math.abs(a - b) <= Math.max(TOLERANCE * b, lastDigit * 1.001)
}

/** Expects that a line of docs/cost.md is one of the command's lines, with similar numbers. */
function expectTold(line: string, told: readonly string[]): void {
  const alike = told.filter(
    each =>
      hideNumbers(each) === hideNumbers(line) &&
      findNumbers(each).every((number, at) => isAlike(findNumbers(line)[at] ?? '', number)),
  )
  expect(alike, `docs/cost.md says: ${line}\nthe command says:\n${told.join('\n')}`).not.toHaveLength(0)
}

describe('what docs/cost.md says', () => {
  it('is about one source, idle and with events in every tick, and about ten thousand', () => {
    expect(SHOWN.map(({ options }) => options)).toEqual([
      '--sources 1 --apis 2',
      '--sources 1 --apis 2 --events-per-day 288',
      '--sources 10000 --apis 2 --events-per-day 288',
    ])
  })

  it.each(SHOWN)('is what the command prints: $options', ({ options, lines }) => {
    const told = splitLines(formatEstimate(estimated(options)))
    for (const line of lines) expectTold(line, told)
    const billEnd = told.findIndex(line => line.startsWith('Total')) + 1
    expect(lines.slice(0, billEnd).map(hideNumbers)).toEqual(told.slice(0, billEnd).map(hideNumbers))
  })

  it('is what the command prints for twice as many events', () => {
    const [, options = '', total = ''] = /`(--events-per-day 576)` comes to ([\d.]+)/.exec(DOCUMENT) ?? []
    const { bill } = estimated(`--sources 1 --apis 2 ${options}`)
    expect(isAlike(total, totalOfBill(bill).toFixed(4)), `${total} for ${totalOfBill(bill)}`).toBe(true)
  })

  it('is right about a page that is left open', () => {
    const rows = Array.from(DOCUMENT.matchAll(/^\| (\w[^|]+) \| ([\d.]+) \| ([\d.]+) \|$/gm), row =>
      row.slice(1),
    )
    const { dynamodb, lambda, secretsManager, dataTransfer } = PRICES
    const calls = 120 * HOURS_PER_MONTH
    const lambdaCost = (ms: number) => calls * (lambda.request + (ms / 1000) * 0.5 * lambda.gbSecondArm)
    const costs = (units: number, ms: number, gigabytes: number) => [
      calls * units * dynamodb.readUnit,
      lambdaCost(ms),
      60 * HOURS_PER_MONTH * secretsManager.call,
      gigabytes * dataTransfer.outGb,
    ]
    const wanted = [costs(1.5, 35, 0.05), costs(710, 360, 9)]
    for (const [column, parts] of wanted.entries()) {
      const sum = parts.reduce((a, b) => a + b, 0)
      const shown = rows.map(row => row[column + 1] ?? '').slice(1)
      expect(shown).toHaveLength(5)
      for (const [at, cost] of [...parts, sum].entries())
        expect(isAlike(shown[at] ?? '', cost.toFixed(4)), `${rows[at + 1]?.[0]}: ${cost}`).toBe(true)
    }
  })

  it('is what the README says of that page', () => {
    const [, total = ''] = /all month it costs \[([\d.]+) USD\]/.exec(readText('README.md')) ?? []
    expect(DOCUMENT).toContain(`| Total, USD a month | ${total} |`)
  })

  it('is what the README says in short', () => {
    const [, total = ''] = /(\d\.\d\d) USD for one with two APIs/.exec(readText('README.md')) ?? []
    const { bill } = estimated('--sources 1 --apis 2')
    expect(isAlike(total, totalOfBill(bill).toFixed(2))).toBe(true)
  })
})
