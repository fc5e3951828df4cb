import { eventLines } from '../../shared/domain/stream/event-line.ts'
import { readPage } from '../../shared/domain/stream/page.ts'
import { sampleSource } from '../support/sample-task.ts'
import { PAGE_ITEMS, pageBody } from './pages.ts'
import { median, rounded, table } from './statistics.ts'

const compact = pageBody(0, 2)
const spaced = Buffer.from(JSON.stringify(JSON.parse(compact.toString()), undefined, 2))
const page = readPage(compact)
const registered = sampleSource()

const WORK = {
  read: () => readPage(compact),
  'read, with white space between all tokens': () => readPage(spaced),
  'rendered as lines': () => eventLines(page.items, registered, 'sign-in'),
} as const

function medianMs(work: () => unknown, runs = 100): number {
  const times = Array.from({ length: runs }, () => {
    const started = performance.now()
    work()
    return performance.now() - started
  })
  return median(times)
}

export interface PageWork {
  readonly what: string
  readonly ms: number
}

/** Measures how long a page takes to read and to render, as a median. */
export const measurePageWork = (): PageWork[] =>
  Object.entries(WORK).map(([what, work]) => ({ what, ms: rounded(medianMs(work)) }))

export const pageWorkTable = (measured: readonly PageWork[]): string =>
  table(
    [`a page of ${PAGE_ITEMS} items, ${Math.round(compact.length / 1024)} KB`, 'ms'],
    measured.map(({ what, ms }) => [what, ms]),
  )
