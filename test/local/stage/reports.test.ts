import { expect, test, vi } from 'vitest'
import { createConsole, formatDuration } from '../../../infra/local/console.ts'
import { findFailures, formatSummary } from '../../../infra/local/once.ts'
import { createRunTotals } from '../../../infra/local/run-totals.ts'
import { API_NAMES } from '../../../shared/contract/apis.ts'
import { RUN_ENDED, type RunReport, TICK_ENDED } from '../../../shared/contract/log-messages.ts'

const aRun = (given: Partial<RunReport> = {}): RunReport => ({
  collectorId: 1,
  sourceId: 2,
  api: 'sign-in',
  outcome: 'drained',
  sourceName: 'Acme',
  pages: 1,
  events: 10,
  lateEvents: 0,
  durationMs: 5,
  ...given,
})

const FAILED = aRun({
  outcome: 'failed',
  pages: 0,
  events: 0,
  error: {
    type: 'ThirdPartyConfig',
    code: 401,
    info: '401: {"Error":{"Message":"Unauthorized"}} — Update api_token.',
  },
})

function aConsole() {
  const lines: string[] = []
  let settle = () => {}
  const settled = new Promise<void>(resolve => {
    settle = resolve
  })
  const view = createConsole({
    print: line => lines.push(line),
    now: () => 0,
    idle: () => settled,
    colours: false,
  })
  const log = (message: string, record: object) =>
    view.log({ functionName: 'f', record: { message, ...record } })
  return {
    lines,
    view,
    settle,
    run: (report: RunReport) => log(RUN_ENDED, report),
    tick: () => log(TICK_ENDED, {}),
  }
}

test('prints one line per run: source, API, events, pages, lag, outcome', () => {
  const { lines, run } = aConsole()
  run(aRun({ events: 12_345, pages: 13, lagSeconds: 3725 }))
  expect(lines).toHaveLength(1)
  expect(lines[0]?.replace(/ +/g, ' ')).toBe(
    '00:00:00Z Acme Sign-in Attempts 12,345 events 13 pages lag 1h 2m drained',
  )
})

test('prints the error of a failed run in full', () => {
  const { lines, run } = aConsole()
  run(FAILED)
  expect(lines[0]).toMatch(/failed$/)
  expect(lines[1]).toContain(`ThirdPartyConfig: ${FAILED.error?.info}`)
})

test('prints nothing for runs that found their task leased', () => {
  const { lines, run } = aConsole()
  run(aRun({ outcome: 'busy' }))
  expect(lines).toEqual([])
})

test('prints the sum of a tick when everything that it caused has ended', async () => {
  const { lines, run, tick, view, settle } = aConsole()
  tick()
  run(aRun())
  run(aRun({ api: 'itemUsage', events: 1 }))
  run(FAILED)
  view.notice({ kind: 'dead letter', queue: 'DeadLetters', reason: 'nobody took it' })
  expect(lines.join('\n')).not.toContain('tick ended')
  settle()
  await expect
    .poll(() => lines.at(-1))
    .toContain('tick ended: 2 tasks, 3 runs, 11 events, 1 failure, 1 dead letter')
  expect(lines.join('\n')).toContain('Dead letter in DeadLetters: nobody took it.')
})

test.each([
  [0, '0s'],
  [59, '59s'],
  [60, '1m'],
  [3661, '1h 1m'],
  [90_000, '1d 1h'],
])('writes %d seconds as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text)
})

test('adds up the runs of a task: sums, first and last times, newest cursor', () => {
  const totals = createRunTotals()
  totals.add(
    aRun({ firstTimestamp: '2026-01-01T00:00:00.5Z', lastTimestamp: '2026-01-01T00:00:00.25Z', cursor: 'a' }),
  )
  totals.add(
    aRun({
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T01:00:00.250000001+01:00',
      cursor: 'b',
    }),
  )
  totals.add(aRun({ events: 0, pages: 0 }))
  totals.add(aRun({ api: 'auditEvents' }))
  expect(totals.tasks()).toMatchObject([
    {
      api: 'sign-in',
      runs: 3,
      pages: 2,
      events: 20,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T01:00:00.250000001+01:00',
      cursor: 'b',
    },
    { api: 'auditEvents', runs: 1 },
  ])
  const [heading, first] = formatSummary(totals.tasks()).split('\n')
  expect(heading?.split(/ {2,}/)).toEqual([
    'Source',
    'API',
    'Runs',
    'Pages',
    'Events',
    'First event',
    'Last event',
    'Cursor',
  ])
  expect(first).toMatch(/Acme +Sign-in Attempts +3 +2 +20 +2026-01-01T00:00:00Z +\S+ +b$/)
})

test('counts a task as failed until a later run of it succeeds', () => {
  const totals = createRunTotals()
  const reasons = () => findFailures({ tasks: totals.tasks(), notices: [], source: undefined })
  totals.add(FAILED)
  expect(reasons()).toEqual([`Sign-in Attempts: ThirdPartyConfig: ${FAILED.error?.info}`])
  totals.add(aRun({ outcome: 'busy' }))
  expect(reasons()).toHaveLength(1)
  totals.add(aRun())
  expect(reasons()).toEqual([])
})

test('reports metrics that CloudWatch would drop, and does not count them as dead letters', async () => {
  const { lines, view, tick, settle } = aConsole()
  view.notice({ kind: 'invalid metrics', functionName: 'collect', reason: 'Namespace is none' })
  expect(lines[0]).toContain('CloudWatch would drop metrics of collect: Namespace is none.')
  tick()
  settle()
  await vi.waitFor(() => expect(lines.at(-1)).toContain('0 failures, 0 dead letters'))
})

test('fails for notices and for a source in Error that was not even tried', () => {
  const facts = {
    tasks: [],
    notices: ['Dead letter in DeadLetters: x.'],
    source: { sourceId: 2, apis: [], state: { state: 'Error', errorInfo: 'why' } },
  }
  expect(findFailures(facts)).toEqual(['Dead letter in DeadLetters: x.', 'The source is in Error: why'])
  expect(
    findFailures({ ...facts, notices: [], source: { ...facts.source, state: { state: 'Collecting' } } }),
  ).toEqual([])
})

test('fails for every API of the registered source that was not collected to the end', () => {
  const source = { sourceId: 2, apis: API_NAMES, state: { state: 'Collecting' } }
  const totals = createRunTotals()
  const reasons = () => findFailures({ tasks: totals.tasks(), notices: [], source })
  totals.add(aRun({ sourceId: 1, api: 'auditEvents' }))
  totals.add(aRun({ outcome: 'continued' }))
  totals.add(aRun({ api: 'itemUsage', outcome: 'busy' }))
  expect(reasons().toSorted()).toEqual([
    'Audit Events: it never ran',
    'Item Usage: its last run ended as busy, not as drained',
    'Sign-in Attempts: its last run ended as continued, not as drained',
  ])
  for (const api of API_NAMES) totals.add(aRun({ api }))
  expect(reasons()).toEqual([])
  for (const outcome of ['busy', 'superseded'] as const) totals.add(aRun({ outcome }))
  expect(reasons()).toEqual([])
})
