import { createClock, friendlyName, readAssembly } from 'aws-emulator'
import { beforeAll, describe, expect, it } from 'vitest'
import { priceMonth, priceSources, total as totalOfBill } from '../../../infra/commands/cost/bill.ts'
import { createExpiringToken } from '../../../infra/commands/cost/count-ticks.ts'
import { createMeter, type Reading } from '../../../infra/commands/cost/meter.ts'
import {
  computeMonth,
  NO_SOURCE,
  type Scenario,
  TICKS_PER_MONTH,
} from '../../../infra/commands/cost/month.ts'
import { countRates, type Rates } from '../../../infra/commands/cost/rates.ts'
import { readTemplateFacts, type TemplateFacts } from '../../../infra/commands/cost/template-facts.ts'
import { minus, times, type Usage } from '../../../infra/commands/cost/usage.ts'
import { findAssemblyFolder } from '../../../infra/local/stage.ts'
import { TICK_MINUTES } from '../../../shared/contract/timing.ts'
import { expiryWarning, tokenExpiryMs } from '../../../shared/domain/source/token-expiry.ts'
import { type LocalSystem, localSystem, type RegisteredIds } from '../../support/local-system.ts'

const TICKS = 8
const SETTLING_TICKS = 2
const HOUR = 3_600_000
const TWO_BY_TWO = { sources: 2, apis: 2 }

let rates: Rates
let facts: TemplateFacts

beforeAll(async () => {
  const assemblyFolder = await findAssemblyFolder({})
  facts = readTemplateFacts(readAssembly(assemblyFolder).template)
  rates = await countRates(assemblyFolder, 2)
}, 120_000)

interface Counted {
  readonly collect: Usage
  readonly dispatch: Usage
  readonly events: number
  /** The expiry of the token that each task shows. */
  readonly tokenExpires: readonly unknown[]
}

const difference = (after: Reading, before: Reading): Omit<Counted, 'tokenExpires'> => ({
  collect: minus(after.collect, before.collect),
  dispatch: minus(after.dispatch, before.dispatch),
  events: after.events - before.events,
})

async function fetchExpiries(system: LocalSystem, sources: readonly RegisteredIds[]): Promise<unknown[]> {
  const answers = sources.map(({ collectorId, sourceId }) =>
    system.call<{ tasks: readonly { tokenExpires?: string }[] }>(
      'GET',
      `collectors/${collectorId}/sources/${sourceId}/tasks`,
    ),
  )
  return (await Promise.all(answers)).flatMap(({ tasks }) => tasks.map(({ tokenExpires }) => tokenExpires))
}

/** Counts what some ticks of sources with two APIs each really use. */
async function count(
  startMs: number,
  eventsPerDay: number,
  { sources = 2, ticks = TICKS } = {},
): Promise<Counted> {
  const names = new Map<string, string>()
  const meter = createMeter(name => names.get(name) ?? name)
  const clock = createClock({ startMs })
  const account = { eventsPerDay, token: createExpiringToken(startMs) }
  const system = await localSystem({ clock, account, observe: meter.observe })
  for (const each of system.stage.deployment.functions) names.set(each.name, friendlyName(each))
  const read = (): Reading => {
    for (const line of system.lines.splice(0)) meter.onLog(JSON.parse(line))
    return meter.read(system.account.requests.length)
  }
  const pass = async (count: number): Promise<void> => {
    for (let tick = 0; tick < count; tick++) {
      clock.advance(TICK_MINUTES * 60_000)
      await system.tick()
    }
  }
  try {
    const start_time = new Date(startMs - 24 * HOUR).toISOString()
    const ids: RegisteredIds[] = []
    for (let source = 0; source < sources; source++)
      ids.push(await system.registerSource({ supported_apis: ['sign-in', 'itemUsage'], start_time }))
    await system.stage.idle()
    await pass(SETTLING_TICKS)
    const before = read()
    await pass(ticks)
    const counted = difference(read(), before)
    return { ...counted, tokenExpires: await fetchExpiries(system, ids) }
  } finally {
    await system.close()
  }
}

/** Computes what the model predicts for the same ticks. */
function modelled(scenario: Scenario): Pick<Counted, 'collect' | 'dispatch'> {
  const { collect, dispatch } = computeMonth(scenario, rates, facts)
  const share = TICKS / TICKS_PER_MONTH
  return { collect: times(collect.usage, share), dispatch: times(dispatch.usage, share) }
}

/**
 * Expects a difference of at most three per cent. Token reads and bytes of events are left out: they depend on
 * environments and chance.
 */
function expectAlike(direct: Usage, model: Usage): void {
  const { secretCalls: _tokens, objectBytes: _bytes, ...others } = direct
  for (const [meter, amount] of Object.entries(others)) {
    const expected = model[meter as keyof Usage]
    expect(
      Math.abs(amount - expected),
      `${meter}: ${amount} counted, ${expected} by the model`,
    ).toBeLessThanOrEqual(0.03 * amount + 1e-9)
  }
}

describe('the model', () => {
  it('predicts what two sources really do in idle ticks', async () => {
    const direct = await count(Date.UTC(2026, 0, 11, 2), 10)
    expect(direct.events).toBe(0)
    const model = modelled({ ...TWO_BY_TWO, eventsPerDay: 0 })
    expectAlike(direct.collect, model.collect)
    expectAlike(direct.dispatch, model.dispatch)
  }, 60_000)

  it('predicts what two sources really do with events in every tick', async () => {
    const direct = await count(Date.UTC(2026, 0, 13, 14), 3_000)
    expect(direct.collect.objectPuts).toBe(TICKS * 4)
    const model = modelled({ ...TWO_BY_TWO, eventsPerDay: 288 })
    expectAlike(direct.collect, model.collect)
    expectAlike(direct.dispatch, model.dispatch)
    const { objectBytes, objectPuts } = direct.collect
    const bytes = objectPuts * rates.objectSize.bytes + direct.events * rates.objectSize.eventBytes
    expect(Math.abs(objectBytes - bytes) / objectBytes).toBeLessThan(0.15)
  }, 60_000)

  it('reads no more tokens than environments that remember them until they end', async () => {
    const { collect } = await count(Date.UTC(2026, 0, 11, 2), 10, { sources: 1, ticks: 24 })
    const { tokenMisses } = computeMonth({ sources: 1, apis: 2, eventsPerDay: 0 }, rates, facts)
    expect(collect.invocations).toBe(48)
    expect(collect.secretCalls).toBeLessThanOrEqual(2 * tokenMisses * collect.invocations)
  }, 60_000)

  it('has one write for the lease and one for the end in a run that finds nothing', () => {
    expect(rates.idleRun).toMatchObject({ writeUnits: 2, objectPuts: 0, busCalls: 0, apiRequests: 1 })
    expect(rates.furtherPage.objectPuts).toBeCloseTo(1)
    expect(rates.furtherPage.invocations).toBe(0)
  })

  it('counts tasks that keep the expiry of their token, and each of their writes still costs one unit', async () => {
    const startMs = Date.UTC(2026, 0, 13, 14)
    const { collect, tokenExpires } = await count(startMs, 3_000, { sources: 1, ticks: 4 })
    const expiresMs = tokenExpiryMs(createExpiringToken(startMs))
    expect(tokenExpires).toEqual(Array(2).fill(new Date(Number(expiresMs)).toISOString()))
    expect(expiryWarning(Number(expiresMs), startMs)).toBeUndefined()
    expect(collect.objectPuts).toBe(8)
    expect(collect.writeUnits).toBe(2 * collect.invocations)
    expect(rates.pageRun.writeUnits).toBe(2)
    expect(rates.writtenBytes).toBeLessThan(900)
  }, 60_000)

  it('has two reads of the registry in a run that finds nothing', () => {
    expect(rates.idleRun.readUnits).toBe(2)
  })
})

describe('the bill', () => {
  const total = (scenario: Scenario): number => {
    const [month, idle] = [computeMonth(scenario, rates, facts), computeMonth(NO_SOURCE, rates, facts)]
    return totalOfBill(priceSources(month, idle))
  }

  it('of one source with two APIs is below 0.50 when idle and below 0.60 with events in every tick', () => {
    expect(total({ sources: 1, apis: 2, eventsPerDay: 0 })).toBeLessThan(0.5)
    expect(total({ sources: 1, apis: 2, eventsPerDay: 288 })).toBeLessThan(0.6)
    expect(total({ sources: 1, apis: 2, eventsPerDay: 0 })).toBeGreaterThan(0.45)
  })

  it('grows with sources, APIs and events, and is 0 without a source', () => {
    const idle = total({ sources: 1, apis: 1, eventsPerDay: 0 })
    expect(total({ sources: 1, apis: 2, eventsPerDay: 0 })).toBeGreaterThan(idle)
    expect(total({ sources: 1, apis: 1, eventsPerDay: 1 })).toBeGreaterThan(idle)
    expect(total({ sources: 1, apis: 1, eventsPerDay: 1_000_000 })).toBeGreaterThan(
      total({ sources: 1, apis: 1, eventsPerDay: 288_000 }),
    )
    expect(total({ sources: 1_000, apis: 1, eventsPerDay: 0 }) / idle).toBeGreaterThan(950)
    expect(total({ sources: 0, apis: 1, eventsPerDay: 0 })).toBe(0)
    expect(totalOfBill(priceMonth(computeMonth(NO_SOURCE, rates, facts)))).toBeGreaterThan(0)
  })
})
