import { createClock, type Fault, type InterceptedCall, type Phase } from 'aws-emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TOKEN_CACHE_MS } from '../../../shared/contract/timing.ts'
import { type LocalSystem, localSystem, wholeSecond } from '../../support/local-system.ts'
import { timeline } from '../../support/passing-time.ts'
import { type ShownTask, type WatchedSource, watchedSource } from '../../support/watched-source.ts'

const START_MS = Date.parse('2026-03-04T18:00:00Z')
const MINUTE_MS = 60_000
const API = 'auditEvents'
const MINUTES = [1, 30, 89, 95] as const

const FAULT: Fault = { kind: 'error', status: 500, code: 'InternalError', message: 'It was our fault.' }

interface Trouble {
  readonly name: string
  readonly action: string
  readonly phase: Phase
}

const OF_SOURCE: readonly Trouble[] = [
  { name: 'the lake refuses pages', action: 'PutObject', phase: 'before' },
  { name: 'the lake takes pages and answers an error', action: 'PutObject', phase: 'after' },
  { name: 'the token cannot be read', action: 'GetSecretValue', phase: 'before' },
]

const OF_TABLE: readonly Trouble[] = [
  { name: 'no task can be written by a run', action: 'UpdateItem', phase: 'before' },
  { name: 'runs write their tasks and are answered an error', action: 'UpdateItem', phase: 'after' },
  { name: 'no run can read its source', action: 'BatchGetItem', phase: 'before' },
]

const FAILED = { state: 'Error', error: { type: 'FIRST-PARTY-GENERIC', code: 500 } }

const sum = (shown: readonly string[]): string => shown.join(' ')
const minutesBetween = (from = '', to = ''): number => (Date.parse(to) - Date.parse(from)) / MINUTE_MS

async function collecting(system: LocalSystem, name: string): Promise<WatchedSource> {
  system.clock.advance(250)
  const startTime = wholeSecond(system.clock.now() - 60 * MINUTE_MS)
  const ids = await system.registerSource({ name, supported_apis: [API], start_time: startTime })
  await system.stage.idle()
  return watchedSource(system, ids, system.account, startTime)
}

function expectOnce(source: WatchedSource): void {
  const delivered = source.delivered(API)
  expect(delivered.length).toBeGreaterThan(0)
  expect(delivered.toSorted()).toEqual(source.generated(API).slice(0, delivered.length).toSorted())
}

const ACCOUNT = { days: 1, eventsPerDay: 4000, rateLimits: { perMinute: 100_000, perHour: 1_000_000 } }

describe.each(OF_SOURCE)('while $name', ({ action, phase }) => {
  const sources = new Map<number, WatchedSource>()
  const shown = new Map<number, ShownTask>()
  const broken = new Set<number>()
  let system: LocalSystem

  /** The target of a call contains the id of the source: the key of an object, or the name of a secret. */
  const isBroken = ({ action: called, resource }: InterceptedCall): boolean =>
    called === action && [...broken].some(id => new RegExp(`/${id}-`).test(resource))

  const sourceFor = (minutes: number): WatchedSource => {
    const source = sources.get(minutes)
    if (!source) throw new Error(`there is no source for ${minutes} minutes`)
    return source
  }

  beforeAll(async () => {
    system = await localSystem({
      clock: createClock({ startMs: START_MS }),
      account: ACCOUNT,
      intercept: (call, at) => (at === phase && isBroken(call) ? FAULT : undefined),
    })
    for (const minutes of MINUTES) sources.set(minutes, await collecting(system, `${minutes} minutes`))
    // Past the time for which tokens are cached.
    system.clock.advance(TOKEN_CACHE_MS + 6 * MINUTE_MS)
    const { passTo } = timeline(system)
    for (const { sourceId } of sources.values()) broken.add(sourceId)
    for (const minutes of MINUTES) {
      await passTo(minutes)
      shown.set(minutes, await sourceFor(minutes).task(API))
      broken.delete(sourceFor(minutes).sourceId)
    }
    await passTo(101)
  }, 240_000)

  afterAll(() => system.close())

  it.each(MINUTES.filter(minutes => minutes < 90))(
    'for %i minutes, the task heals by itself',
    async minutes => {
      const source = sourceFor(minutes)
      if (minutes > 1) expect(shown.get(minutes)).toMatchObject(FAILED)
      expect(await source.task(API)).toMatchObject({ state: 'Collecting' })
      const changes = (await source.health(API)).map(({ status }) => status)
      expect(sum(changes)).toMatch(/^(UnHealthy Healthy ?)+$/)
      expectOnce(source)
    },
  )

  it('for 95 minutes, the task is given up in time, and a restart delivers the rest, once', async () => {
    const source = sourceFor(95)
    const { retry } = shown.get(95) ?? {}
    expect(minutesBetween(retry?.since, retry?.gaveUp)).toBeGreaterThanOrEqual(90)
    expect(minutesBetween(retry?.since, retry?.gaveUp)).toBeLessThan(92)
    await source.restart()
    await system.stage.idle()
    expect(await source.task(API)).toMatchObject({ state: 'Collecting' })
    expectOnce(source)
  })
})

describe.each(OF_TABLE)('while $name', ({ action, phase }) => {
  let system: LocalSystem
  let isBroken = false

  beforeAll(async () => {
    system = await localSystem({
      clock: createClock({ startMs: START_MS }),
      account: ACCOUNT,
      intercept: (call, at) =>
        isBroken && at === phase && call.action === action && call.functionName.includes('Collect')
          ? FAULT
          : undefined,
    })
  }, 60_000)

  afterAll(() => system.close())

  it.each(MINUTES)(
    'for %i minutes, a run that cannot record its failure is still known to have failed',
    async minutes => {
      const source = await collecting(system, `${minutes} minutes`)
      // Rules tell their times in whole seconds.
      system.clock.advance(1000)
      const { passTo } = timeline(system)
      isBroken = true
      await passTo(minutes)
      isBroken = false
      expect(await source.task(API)).toMatchObject({
        state: 'Error',
        error: { type: 'FIRST-PARTY-GENERIC', code: 500 },
      })
      await passTo(minutes + 11)
      if (minutes > 90) {
        const { retry } = await source.task(API)
        // Should nobody but the tick be able to write of it, the next one after the 92 minutes does.
        expect(minutesBetween(retry?.since, retry?.gaveUp)).toBeGreaterThanOrEqual(90)
        expect(minutesBetween(retry?.since, retry?.gaveUp)).toBeLessThanOrEqual(97)
        await source.restart()
        await system.stage.idle()
      }
      expect(await source.task(API)).toMatchObject({ state: 'Collecting' })
      expectOnce(source)
      await system.call('DELETE', `collectors/${source.collectorId}/sources/${source.sourceId}`)
      await system.stage.idle()
    },
    120_000,
  )
})
