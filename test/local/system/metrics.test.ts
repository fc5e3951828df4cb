import { createClock } from 'aws-emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type KeptMetric, readMetrics } from '../../../infra/local/metrics/metric-file.ts'
import { API_NAMES, APIS } from '../../../shared/contract/apis.ts'
import { METRICS, type MetricName } from '../../../shared/contract/metrics.ts'
import { filesBelow } from '../../support/folders.ts'
import { type LocalSystem, lakeLines, localSystem, type RegisteredIds } from '../../support/local-system.ts'

const BROKEN = 'auditEvents'
const TICK_MS = 5 * 60_000

let system: LocalSystem
let source: RegisteredIds

beforeAll(async () => {
  system = await localSystem({
    clock: createClock({ startMs: Date.parse('2026-03-04T12:00:00Z'), speed: 30 }),
    account: { days: 2, eventsPerDay: 3000, rateLimits: { perMinute: 100_000, perHour: 1_000_000 } },
  })
  source = await system.registerSource()
  await system.stage.idle()
}, 120_000)

afterAll(() => system.close())

const sent = (): readonly KeptMetric[] => readMetrics(system.dataDir) ?? []
const listValues = (name: MetricName, metrics = sent()): number[] =>
  metrics.filter(metric => metric.name === name).flatMap(({ values }) => values)
const sumValues = (name: MetricName): number => listValues(name).reduce((sum, value) => sum + value, 0)

/** What the tick sent, and the runs that it caused. */
async function tickLater(ms = TICK_MS): Promise<readonly KeptMetric[]> {
  const before = sent().length
  system.clock.advance(ms)
  await system.tick()
  return sent().slice(before)
}

describe('the metrics of the local stage', () => {
  it('count exactly the events and pages that are in the lake', async () => {
    for (let i = 0; i < 3; i++) await tickLater()
    const lines = API_NAMES.flatMap(api => lakeLines(system.dataDir, api, source.sourceId))
    expect(lines.length).toBeGreaterThan(1000)
    expect(sumValues('events')).toBe(lines.length)
    const objects = filesBelow(`${system.dataDir}/lake/events`).filter(file => file.endsWith('.ndjson.gz'))
    expect(sumValues('pages')).toBe(objects.length)
  })

  it('show at each tick how many tasks collect and how far behind they are', async () => {
    const metrics = await tickLater()
    expect(listValues('tasksCollecting', metrics)).toEqual([3])
    expect(listValues('lag', metrics)).toHaveLength(3)
    for (const lag of listValues('lag', metrics)) expect(Math.abs(lag - TICK_MS / 1000)).toBeLessThan(100)
    expect(listValues('tasksError', metrics)).toEqual([])
  })

  it('show an outage, and a fault in the configuration', async () => {
    system.account.setMode('503', { feature: APIS[BROKEN].feature })
    expect(listValues('failuresThirdPartyGeneric', await tickLater())).toEqual([1])
    const meanwhile = await tickLater()
    expect(listValues('tasksError', meanwhile)).toEqual([1])
    expect(listValues('openEpisodes', meanwhile)).toEqual([1])
    expect(sumValues('retries')).toBeGreaterThan(0)
    for (const feature of [APIS[BROKEN].feature, 'introspect'] as const)
      system.account.setMode('401', { feature })
    await tickLater()
    const [config] = [await tickLater()]
    expect(sumValues('failuresThirdPartyConfig')).toBe(1)
    expect(listValues('misconfigured', config)).toEqual([1])
    expect(listValues('openEpisodes', config)).toEqual([])
  })

  it('show calls that were refused', async () => {
    const headers = { authorization: `Basic ${Buffer.from('op1:wrong').toString('base64')}` }
    for (let i = 0; i < 2; i++) await fetch(`${system.stage.url}/api/v1/collectors`, { headers })
    expect(sumValues('refusedCalls')).toBe(2)
  })

  it('have one namespace and one dimension each, as METRICS says', () => {
    expect(system.notices).toEqual([])
    for (const { namespace, dimensions, name, unit } of sent()) {
      const { service, unit: expected } = METRICS[name as MetricName]
      expect({ namespace, dimensions, unit }).toEqual({
        namespace: 'OnePasswordSource',
        dimensions: { service },
        unit: expected,
      })
    }
  })

  it('cost an idle run nothing, because they have no line of their own', () => {
    const records = system.lines.map(line => JSON.parse(line).record)
    const idle = records.filter(
      ({ message, outcome, pages }) => message === 'run ended' && outcome === 'drained' && pages === 0,
    )
    for (const record of idle) expect(record).not.toHaveProperty('_aws')
    const carrying = records.filter(record => record._aws)
    expect(carrying.every(({ message }) => typeof message === 'string')).toBe(true)
    expect(records.filter(({ level }) => level === 'WARN').map(({ message }) => message)).not.toContainEqual(
      expect.stringContaining('reserved key'),
    )
  })
})
