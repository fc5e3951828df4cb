import { styleText } from 'node:util'
import type { ExecutionEvent, LogLine } from 'aws-emulator'
import { APIS } from '../../shared/contract/apis.ts'
import type { RunReport } from '../../shared/contract/log-messages.ts'
import { formatRetryLine } from './retry-line.ts'
import { isTickEnd, readRunReport } from './run-totals.ts'
import type { StageNotice } from './stage.ts'

type Style = Parameters<typeof styleText>[0]

interface ConsoleParts {
  readonly print: (line: string) => void
  /** Epoch milliseconds of virtual time. */
  readonly now: () => number
  /** Resolves when all that a tick caused has ended. */
  readonly idle: () => Promise<void>
  readonly colours: boolean
}

/**
 * Prints what happens on the running stage: one line for each run, one line for each tick, and whole sentences about
 * what goes wrong.
 */
interface StageConsole {
  log(line: LogLine): void
  notice(notice: StageNotice): void
  execution(event: ExecutionEvent): void
}

const formatCount = (value: number, noun: string): string =>
  `${value.toLocaleString('en-US')} ${noun}${value === 1 ? '' : 's'}`

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const

/** Formats a time by its two largest units that are not zero, e.g. `2h 5m`. */
export function formatDuration(seconds: number): string {
  let rest = Math.max(0, Math.round(seconds))
  const parts = UNITS.map(([unit, length]) => {
    const value = Math.floor(rest / length)
    rest %= length
    return value > 0 ? `${value}${unit}` : ''
  }).filter(part => part !== '')
  return parts.slice(0, 2).join(' ') || '0s'
}

const OUTCOME_STYLES: Readonly<Record<RunReport['outcome'], Style>> = {
  drained: 'green',
  continued: 'cyan',
  failed: 'red',
  busy: 'dim',
  gone: 'dim',
  superseded: 'dim',
}

const NOTICE_TEXTS: {
  readonly [K in StageNotice['kind']]: (notice: Extract<StageNotice, { kind: K }>) => string
} = {
  'function error': ({ functionName, text }) => `${functionName} failed: ${text}`,
  'dead letter': ({ queue, reason }) => `Dead letter in ${queue}: ${reason}.`,
  'invalid metrics': ({ functionName, reason }) =>
    `CloudWatch would drop metrics of ${functionName}: ${reason}.`,
  'lost event': ({ from, reason }) => `An event of ${from} was lost: ${reason}.`,
}

/** Returns the notice as a sentence. */
export function formatNotice(notice: StageNotice): string {
  const text: (notice: never) => string = NOTICE_TEXTS[notice.kind]
  return text(notice as never)
}

/** Counts what happens between the ends of two ticks. */
const newTally = () => ({ tasks: new Set<string>(), runs: 0, events: 0, failures: 0, deadLetters: 0 })

function formatTally({ tasks, runs, events, failures, deadLetters }: ReturnType<typeof newTally>): string {
  const trouble = `${formatCount(failures, 'failure')}, ${formatCount(deadLetters, 'dead letter')}`
  const done = `${formatCount(tasks.size, 'task')}, ${formatCount(runs, 'run')}, ${formatCount(events, 'event')}`
  return `tick ended: ${done}, ${trouble}`
}

export function createConsole({ print, now, idle, colours }: ConsoleParts): StageConsole {
  const styled = (style: Style, text: string): string =>
    colours ? styleText(style, text, { validateStream: false }) : text
  const printLine = (text: string): void =>
    print(`${styled('dim', `${new Date(now()).toISOString().slice(11, 19)}Z`)}  ${text}`)
  let tally = newTally()
  let isAwaitingIdle = false
  const names = new Map<number, string>()

  const addRun = (report: RunReport): void => {
    if (report.sourceName !== undefined) names.set(report.sourceId, report.sourceName)
    tally.tasks.add(`${report.sourceId} ${report.api}`)
    if (report.outcome === 'busy') return
    tally.runs++
    tally.events += report.events
    if (report.outcome === 'failed') tally.failures++
    printLine(formatRun(report, outcome => styled(OUTCOME_STYLES[report.outcome], outcome)))
    if (report.error) printLine(styled('red', `  ${report.error.type}: ${report.error.info}`))
  }
  const printTally = (): void => {
    printLine(styled(tally.failures + tally.deadLetters > 0 ? 'yellow' : 'bold', formatTally(tally)))
    tally = newTally()
  }
  const endTick = async (): Promise<void> => {
    if (isAwaitingIdle) return printTally()
    isAwaitingIdle = true
    await idle()
    isAwaitingIdle = false
    printTally()
  }

  return {
    log(entry) {
      const report = readRunReport(entry)
      if (report) addRun(report)
      if (isTickEnd(entry)) void endTick()
    },
    notice(notice) {
      if (notice.kind === 'function error') tally.failures++
      else if (notice.kind !== 'invalid metrics') tally.deadLetters++
      printLine(styled('red', formatNotice(notice)))
    },
    execution(event) {
      const text = formatRetryLine(event, sourceId => names.get(sourceId) ?? `source ${sourceId}`)
      if (text) printLine(styled('yellow', text))
    },
  }
}

function formatRun(report: RunReport, outcome: (text: string) => string): string {
  const { sourceName = `source ${report.sourceId}`, api, events, pages, lagSeconds } = report
  const columns = [
    sourceName.padEnd(20),
    APIS[api].title.padEnd(16),
    formatCount(events, 'event').padStart(14),
    formatCount(pages, 'page').padStart(9),
    (lagSeconds === undefined ? '' : `lag ${formatDuration(lagSeconds)}`).padEnd(11),
  ]
  return `${columns.join('  ')}  ${outcome(report.outcome)}`
}
