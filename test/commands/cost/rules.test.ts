import { describe, expect, it } from 'vitest'
import { priceFixed } from '../../../infra/commands/cost/bill.ts'
import { createMeter, itemBytes } from '../../../infra/commands/cost/meter.ts'
import { computeTokenMissShare } from '../../../infra/commands/cost/month.ts'
import { taskUsage } from '../../../infra/commands/cost/rates.ts'
import { readResourceCounts } from '../../../infra/commands/cost/template-facts.ts'

const MINUTE = 60_000

/** A small random generator. It gives the same numbers at every run. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Returns the share of runs that find no token, if runs are given to random environments. */
function simulateMisses(options: {
  sources: number
  apis: number
  environments: number
  keptTicks: number
}): number {
  const { sources, apis, environments, keptTicks } = options
  const random = chance(7)
  const readAt = new Map<string, number>()
  let [runs, misses] = [0, 0]
  for (let tick = 0; tick < 2_000; tick++) {
    for (let source = 0; source < sources; source++) {
      for (let api = 0; api < apis; api++) {
        const place = `${source} ${Math.floor(random() * environments)}`
        const age = tick - (readAt.get(place) ?? Number.NEGATIVE_INFINITY)
        runs += 1
        if (age < keptTicks) continue
        misses += 1
        readAt.set(place, tick)
      }
    }
  }
  return misses / runs
}

describe('tokens that an environment does not remember', () => {
  it('are all of them if they are kept for one tick only', () => {
    expect(computeTokenMissShare(1, 5 * MINUTE)).toBe(1)
  })

  it('are one in twelve if one environment has one source and keeps its token for an hour', () => {
    expect(computeTokenMissShare(1, 60 * MINUTE)).toBe(1 / 12)
  })

  it.each([
    { sources: 10, apis: 2, environments: 20 },
    { sources: 30, apis: 2, environments: 10 },
    { sources: 30, apis: 3, environments: 60 },
  ])(
    'are as many as in a random simulation: $sources sources, $apis APIs, $environments environments',
    options => {
      const simulated = simulateMisses({ ...options, keptTicks: 12 })
      const model = computeTokenMissShare(options.apis / options.environments, 60 * MINUTE)
      expect(Math.abs(model - simulated) / simulated).toBeLessThan(0.1)
    },
  )
})

describe('the size of an item', () => {
  it('is the size of its names and values, as DynamoDB counts them', () => {
    const item = {
      id: { N: '123456789' },
      name: { S: 'äb' },
      m: { M: { a: { BOOL: true } } },
      l: { L: [{ S: 'x' }] },
    }
    expect(itemBytes(item)).toBe(2 + 6 + (4 + 3) + (1 + 3 + 1 + 1 + 1) + (1 + 3 + 1 + 1))
  })
})

describe('what a tick does for its tasks', () => {
  it('is half a unit for each 4 KB read and a call for each ten events', () => {
    expect(taskUsage(0, 900)).toMatchObject({ tableCalls: 1, readUnits: 0.5, busCalls: 0, busEvents: 0 })
    expect(taskUsage(4, 900)).toMatchObject({ tableCalls: 1, readUnits: 0.5, busCalls: 1, busEvents: 4 })
    expect(taskUsage(20_000, 900)).toMatchObject({ tableCalls: 18, busCalls: 2_000, busEvents: 20_000 })
    expect(taskUsage(20_000, 900).readUnits).toBe(Math.ceil((20_000 * 900) / 4096) / 2)
  })
})

describe('the fixed costs', () => {
  it('are those of alarms, secrets, dashboards, keys and metrics', () => {
    const Resources = {
      One: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'Errors' } },
      Two: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: { Metrics: [{ MetricStat: {} }, { MetricStat: {} }, { Expression: 'a/b' }] },
      },
      Key: { Type: 'AWS::SecretsManager::Secret' },
      Screen: { Type: 'AWS::CloudWatch::Dashboard' },
      Table: { Type: 'AWS::DynamoDB::GlobalTable' },
    }
    const fixed = priceFixed(readResourceCounts({ Resources }), { metrics: 4, ticks: 0.5 })
    expect(fixed.alarms).toBeCloseTo(0.3)
    expect(fixed.metrics).toBeCloseTo(1.2)
    expect(fixed).toMatchObject({ secrets: 0.4, dashboards: 3, keys: 0, ticks: 0.5 })
  })
})

describe('the meter', () => {
  const call = { resource: 'r', functionName: 'collect', sequence: 1 }
  const request = (body: string) => ({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.from(body),
  })

  it('counts a refused write, and an event for each 64 KB, and no function besides collect and dispatch', () => {
    const meter = createMeter(name => name)
    const refused = { request: request('{}'), answer: { status: 400, headers: {}, body: '{}' } }
    meter.observe({ ...call, service: 'dynamodb', action: 'UpdateItem' }, refused)
    const entries = JSON.stringify({ Entries: [{ Detail: 'x'.repeat(70_000) }, { Detail: 'x' }] })
    const put = { request: request(entries), answer: { status: 200, headers: {} } }
    meter.observe({ ...call, service: 'events', action: 'PutEvents' }, put)
    meter.observe({ ...call, service: 'events', action: 'PutEvents', functionName: 'admin' }, put)
    expect(meter.read(5).collect).toMatchObject({ writeUnits: 2, busCalls: 1, busEvents: 3, apiRequests: 5 })
  })

  it('lists the custom metrics on lines in the embedded metric format, each once', () => {
    const meter = createMeter(name => name)
    const directive = { Namespace: 'N', Dimensions: [[], ['api']], Metrics: [{ Name: 'A' }, { Name: 'B' }] }
    const line = (api: string) => ({
      functionName: 'dispatch',
      record: { _aws: { CloudWatchMetrics: [directive] }, api, A: 1, B: 2 },
    })
    for (const api of ['x', 'y', 'x']) meter.onLog(line(api))
    expect([...meter.read(0).metrics].toSorted()).toEqual([
      'N A',
      'N B',
      'N api=x A',
      'N api=x B',
      'N api=y A',
      'N api=y B',
    ])
  })
})
