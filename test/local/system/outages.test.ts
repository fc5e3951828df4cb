import { createClock } from 'aws-emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startAccount } from '../../../infra/local/account/account.ts'
import type { ModeName } from '../../../infra/local/account/events-api/misbehaviours.ts'
import { APIS, type Api } from '../../../shared/contract/apis.ts'
import { type LocalSystem, localSystem, wholeSecond } from '../../support/local-system.ts'
import { timeline } from '../../support/passing-time.ts'
import { type ShownTask, type WatchedSource, watchedSource } from '../../support/watched-source.ts'

const START_MS = Date.parse('2026-03-04T18:00:00Z')
const MINUTE_MS = 60_000

/** The API of every source that nothing befalls. */
const SOUND = 'sign-in'

interface Outage {
  /** Outages of one name befall one source. */
  readonly source: string
  readonly mode: ModeName
  readonly api: Api
  readonly minutes: number
}

const PASSING = ['429', '429-bare', '500', '503', 'hang', 'cut', 'reset', 'not-json', 'not-a-page'] as const
/** A 401 of one API alone is no final refusal: introspection does not confirm it (test/functional/collect/unconfirmed-refusal.test.ts). */
const FINAL = ['403', '404'] as const

const OUTAGES: readonly Outage[] = [
  ...PASSING.flatMap((mode): Outage[] => [
    { source: `${mode} a`, mode, api: 'itemUsage', minutes: 1 },
    { source: `${mode} a`, mode, api: 'auditEvents', minutes: 89 },
    { source: `${mode} b`, mode, api: 'itemUsage', minutes: 30 },
    { source: `${mode} b`, mode, api: 'auditEvents', minutes: 95 },
  ]),
  ...FINAL.map((mode): Outage => ({ source: mode, mode, api: 'auditEvents', minutes: 30 })),
]

const isFinal = ({ mode }: Outage): boolean => FINAL.some(final => final === mode)
const HEALED = OUTAGES.filter(outage => !isFinal(outage) && outage.minutes < 90)
const GIVEN_UP = OUTAGES.filter(outage => !isFinal(outage) && outage.minutes > 90)

const sources = new Map<string, WatchedSource>()
/** What each showed just before its outage was over. */
const shown = new Map<Outage, ShownTask>()
let system: LocalSystem

function findSource({ source: name }: Pick<Outage, 'source'>): WatchedSource {
  const source = sources.get(name)
  if (!source) throw new Error(`there is no source ${name}`)
  return source
}

async function open(name: string): Promise<void> {
  system.clock.advance(250)
  const { clock } = system
  const account = await startAccount({ seed: name, days: 1, eventsPerDay: 200, clock })
  const startTime = wholeSecond(START_MS - 60 * MINUTE_MS)
  const access = { base_url: account.url, api_token: account.token, start_time: startTime }
  const ids = await system.registerSource({ name, ...access })
  await system.stage.idle()
  sources.set(name, watchedSource(system, ids, account, startTime))
}

const switchTo = (mode: ModeName, { source, api }: Outage): void =>
  findSource({ source }).account.setMode(mode, { feature: APIS[api].feature, retryAfter: 30 })

async function end(outage: Outage): Promise<void> {
  shown.set(outage, await findSource(outage).task(outage.api))
  switchTo('ok', outage)
}

beforeAll(async () => {
  // Without the quiet look, which would restart what is refused by itself.
  system = await localSystem({ clock: createClock({ startMs: START_MS }), context: { quietLookMinutes: 0 } })
  for (const name of new Set(OUTAGES.map(({ source }) => source))) await open(name)
  let hanging = OUTAGES.filter(({ mode }) => mode === 'hang').length
  const { passTo } = timeline(system, () => hanging > 0)
  for (const outage of OUTAGES) switchTo(outage.mode, outage)
  for (const minutes of [1, 30, 89, 95]) {
    await passTo(minutes)
    for (const outage of OUTAGES.filter(each => each.minutes === minutes)) {
      await end(outage)
      if (outage.mode === 'hang') hanging--
    }
  }
  await passTo(101)
}, 400_000)

afterAll(async () => {
  for (const { account } of sources.values()) await account.close()
  await system.close()
})

/** Everything that the account had until the last run, once and unaltered. */
function expectAllDelivered(source: WatchedSource, api: Api): void {
  const delivered = source.delivered(api)
  expect(delivered.length).toBeGreaterThan(0)
  expect(delivered.toSorted()).toEqual(source.generated(api).slice(0, delivered.length).toSorted())
}

const minutesBetween = (from = '', to = ''): number => (Date.parse(to) - Date.parse(from)) / MINUTE_MS

describe.each([...new Set(OUTAGES.map(({ source }) => source))])('source %s', name => {
  it('still collects its other API', async () => {
    const source = findSource({ source: name })
    expect(await source.task(SOUND)).toMatchObject({ state: 'Collecting' })
    expect(await source.health(SOUND)).toEqual([])
    expectAllDelivered(source, SOUND)
  })
})

describe.each(HEALED)('$mode for $minutes minutes', outage => {
  it('ends without help; every event is delivered once', async () => {
    const source = findSource(outage)
    const task = await source.task(outage.api)
    expect(task).toMatchObject({ state: 'Collecting' })
    expect(task).not.toHaveProperty('retry')
    const changes = (await source.health(outage.api)).map(({ status }) => status)
    // A request that hangs for a minute ends after an outage of a minute, and the next one is answered.
    if (outage.minutes > 1) expect(changes).toEqual(['UnHealthy', 'Healthy'])
    expectAllDelivered(source, outage.api)
  })
})

describe.each(HEALED.filter(({ minutes }) => minutes > 1))('$mode for $minutes minutes', outage => {
  it('shows the error, the attempts and the deadline while it lasts', () => {
    const { state, error, retry, advice } = shown.get(outage) ?? {}
    expect({ state, error, advice }).toMatchObject({
      state: 'Error',
      error: { type: 'THIRD-PARTY-GENERIC' },
      advice: expect.stringContaining('tried again by itself'),
    })
    expect(retry).not.toHaveProperty('gaveUp')
    expect(minutesBetween(retry?.since, retry?.deadline)).toBe(90)
    // 1, 2, 4, then every 5 minutes, beside what the attempts themselves take: a minute each if they hang.
    expect(retry?.attempts).toBeGreaterThanOrEqual(outage.minutes === 30 ? 5 : 13)
    expect(retry?.attempts).toBeLessThanOrEqual(outage.minutes === 30 ? 9 : 21)
  })
})

describe.each(GIVEN_UP)('$mode for $minutes minutes', outage => {
  it('ends with a task that is given up between 90 and 92 minutes after the first failure, and says so', async () => {
    const { state, retry, error } = shown.get(outage) ?? {}
    expect(state).toBe('Error')
    expect(minutesBetween(retry?.since, retry?.gaveUp)).toBeGreaterThanOrEqual(90)
    expect(minutesBetween(retry?.since, retry?.gaveUp)).toBeLessThan(92)
    expect(error?.info).toMatch(/collected \d+ times in 9[012] minutes and is given up: update or restart/)
    const changes = await findSource(outage).health(outage.api)
    expect(changes.map(({ status }) => status).slice(0, 3)).toEqual(['UnHealthy', 'Healthy', 'UnHealthy'])
    expect(changes[2]?.details.error).toContain('given up')
  })
})

describe.each(OUTAGES.filter(isFinal))('$mode', outage => {
  it('halts the task at once, and nothing is requested any more', async () => {
    const source = findSource(outage)
    expect(shown.get(outage)).toMatchObject({ state: 'Error', error: { type: 'THIRD-PARTY-CONFIG' } })
    expect(shown.get(outage)).not.toHaveProperty('retry')
    expect(await source.task(outage.api)).toMatchObject({ state: 'Error', since: shown.get(outage)?.since })
    expect((await source.health(outage.api)).map(({ status }) => status)).toEqual(['UnHealthy'])
  })
})

describe.each([...GIVEN_UP, ...OUTAGES.filter(isFinal)])('$mode for $minutes minutes', outage => {
  it('makes the task wait for a restart and then deliver the rest, once', async () => {
    const source = findSource(outage)
    expect(await source.task(outage.api)).toMatchObject({ state: 'Error' })
    await source.restart()
    await system.stage.idle()
    expect(await source.task(outage.api)).toMatchObject({ state: 'Collecting' })
    expect((await source.health(outage.api)).at(-1)?.status).toBe('Healthy')
    expectAllDelivered(source, outage.api)
  })
})

it('ends every execution of the state machine as its outage ended', () => {
  const ends = Object.groupBy(system.stage.executions(), ({ status }) => status)
  expect(ends['FAILED']).toHaveLength(GIVEN_UP.length)
  expect(ends['FAILED']?.every(({ states }) => states.at(-1) === 'Given up')).toBe(true)
  expect(ends['SUCCEEDED']?.every(({ states }) => states.at(-1) === 'Recovered')).toBe(true)
  expect(Object.keys(ends).toSorted()).toEqual(['FAILED', 'SUCCEEDED'])
})
