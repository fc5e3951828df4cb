import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readEmbeddedMetrics } from '../../../infra/local/metrics/embedded-metrics.ts'
import { METRICS, type MetricName, MOST_VALUES } from '../../../shared/contract/metrics.ts'
import { VARIABLES } from '../../../shared/contract/variables.ts'
import type { Log } from '../../../shared/ports.ts'
import { functionLogger } from '../../../shared/runtime/function-logger.ts'
import { measuringLog } from '../../../shared/runtime/measuring-log.ts'

let log: Log
let lines: Record<string, unknown>[]

beforeEach(() => {
  vi.stubEnv(VARIABLES.metricsNamespace, 'TheStack')
  vi.stubEnv('POWERTOOLS_DEV', 'true')
  lines = []
  for (const method of ['info', 'warn', 'log'] as const) {
    vi.spyOn(console, method).mockImplementation(text => void lines.push(JSON.parse(String(text))))
  }
  log = measuringLog(functionLogger('dispatch'), 'dispatch')
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const readMetrics = (line: Record<string, unknown> = {}) => readEmbeddedMetrics(line, Date.now())

describe('a log line with metrics', () => {
  it('is one line, with the members that it has without metrics', () => {
    log.info('tick ended', { tasks: 2, metrics: { tasksCollecting: 2 } })
    expect(lines).toMatchObject([
      { message: 'tick ended', service: 'dispatch', tasks: 2, tasksCollecting: 2 },
    ])
    expect(lines[0]).not.toHaveProperty('metrics')
    expect(readMetrics(lines[0])).toEqual([
      {
        namespace: 'TheStack',
        dimensions: { service: 'dispatch' },
        name: 'tasksCollecting',
        unit: 'Count',
        values: [2],
        timestampMs: expect.any(Number),
      },
    ])
  })

  it('sends no zero, except for the metric that shows that there was a tick', () => {
    log.info('tick ended', { metrics: { tasksCollecting: 0, tasksError: 0, openEpisodes: 0, lag: [0, 0] } })
    expect(readMetrics(lines[0]).map(({ name, values }) => [name, values])).toEqual([
      ['tasksCollecting', [0]],
      ['lag', [0, 0]],
    ])
  })

  it('has no members of the format if there is nothing to send', () => {
    log.info('run ended', { events: 0, metrics: { events: 0, pages: 0, lateEvents: 0 } })
    log.info('run ended', { events: 0 })
    for (const line of lines) expect(Object.keys(line)).not.toContain('_aws')
  })

  it('does not send again what the line before has sent', () => {
    log.info('run ended', { metrics: { events: 5 } })
    log.warn('run ended', { metrics: { pages: 1 } })
    expect(lines.map(line => readMetrics(line).map(({ name }) => name))).toEqual([['events'], ['pages']])
  })

  it('takes as many values as a line may have, and every metric at once', () => {
    const most = Array.from({ length: MOST_VALUES }, (_, at) => at)
    const names = Object.keys(METRICS) as MetricName[]
    log.info('tick ended', { metrics: Object.fromEntries(names.map(name => [name, most])) })
    expect(lines).toHaveLength(1)
    const sent = readMetrics(lines[0])
    expect(sent.map(({ name }) => name)).toEqual(names)
    for (const { name, unit, values } of sent) {
      expect({ unit, values }).toEqual({ unit: METRICS[name as MetricName].unit, values: most })
    }
  })

  it('has only level and service as members that are the same on every line', () => {
    log.info('run ended', { events: 0 })
    expect(Object.keys(lines[0] ?? {})).toEqual(['level', 'message', 'timestamp', 'service', 'events'])
  })
})
