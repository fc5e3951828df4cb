import { describe, expect, it } from 'vitest'
import type { EventsApiCall } from '../../../shared/ports.ts'
import {
  type CollectWorld,
  collectWorld,
  eventsFrom,
  ledgerLines,
  toUuids,
} from '../../support/collect-world.ts'
import { answered } from '../../support/fakes/events-api.ts'
import { restore } from '../../support/ledger-world.ts'

const TICK_MS = 300_000

interface SentPage {
  readonly cursor: string
  readonly uuids: readonly string[]
  readonly more?: boolean
}

const page = ({ cursor, uuids, more = false }: SentPage) =>
  answered(
    JSON.stringify({
      cursor,
      has_more: more,
      items: uuids.map(uuid => ({ uuid, timestamp: '2026-03-01T00:00:00Z' })),
    }),
  )

/** Answers the requests for pages. `count` counts them from 1. */
function answerPages(
  world: CollectWorld,
  make: (count: number, call: EventsApiCall) => SentPage,
): () => number {
  let count = 0
  world.eventsApi.answering = call => {
    if (call.method !== 'POST') return undefined
    world.clock.advance(100)
    return page(make(++count, call))
  }
  return () => count
}

const uuidsIn = (world: CollectWorld): string[] => toUuids(ledgerLines(world))

const ASKED = {
  type: 'ThirdPartyGeneric',
  code: 200,
  info: expect.stringContaining('the cursor it was asked with'),
}
const BEFORE = {
  type: 'ThirdPartyGeneric',
  code: 200,
  info: expect.stringContaining('that it has given before'),
}

describe('a page with events whose cursor is the one that it was asked with', () => {
  it('fails the run at each tick, and nothing of it is written or counted', async () => {
    const world = collectWorld()
    answerPages(world, count => ({ cursor: 'FIXED', uuids: [`S${count}`] }))
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 1 })
    for (let ticks = 0; ticks < 7; ticks++) {
      world.clock.advance(TICK_MS)
      expect(await world.run()).toMatchObject({ outcome: 'failed', events: 0, error: ASKED })
    }
    expect(uuidsIn(world)).toEqual(['S1'])
    expect(world.taskNow()).toMatchObject({ state: 'Error', events: 1, pages: 1 })
    expect(world.bus.health.map(({ status }) => status)).toEqual(['UnHealthy'])
  })

  it('ends the run with the next request, although there is more', async () => {
    const world = collectWorld()
    const requests = answerPages(world, count => ({ cursor: 'FIXED', uuids: [`S${count}`], more: true }))
    expect(await world.run()).toMatchObject({ outcome: 'failed', error: ASKED })
    expect(requests()).toBe(2)
    expect(world.bus.published).toEqual([])
  })

  it('leaves no second object in the folder of another day', async () => {
    const world = collectWorld()
    answerPages(world, count => ({ cursor: 'FIXED', uuids: [`S${count}`] }))
    await world.run()
    world.clock.advance(2 * 86_400_000)
    await world.run()
    expect(world.ports.lake.objects.size).toBe(1)
  })

  it('is over once 1Password leads on: no event is lost', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    const { cursor = '' } = world.taskNow()
    world.eventsApi.events.push(...eventsFrom(5, 4, Date.parse('2026-03-01T06:00:00Z')))
    answerPages(world, () => ({ cursor, uuids: ['E5'] }))
    expect((await world.run()).outcome).toBe('failed')
    world.eventsApi.answering = () => undefined
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 4 })
    expect(uuidsIn(world)).toEqual(Array.from({ length: 9 }, (_, i) => `E${i}`))
  })
})

describe('a page with events whose cursor was followed before', () => {
  it('fails a run that goes round in it, before it is written', async () => {
    const world = collectWorld()
    const requests = answerPages(world, count => ({
      cursor: count % 2 ? 'A' : 'B',
      uuids: [`S${count}`],
      more: true,
    }))
    expect(await world.run()).toMatchObject({ outcome: 'failed', events: 2, error: BEFORE })
    expect(requests()).toBeLessThanOrEqual(4)
    expect(uuidsIn(world)).toEqual(['S1', 'S2'])
  })

  it.each([1, 2, 3])('fails a run that is led back by %i objects, on another day too', async back => {
    const world = collectWorld()
    answerPages(world, count => ({ cursor: `C${count <= 6 ? count : 6 - back}`, uuids: [`S${count}`] }))
    for (let runs = 0; runs < 6; runs++) {
      expect((await world.run()).outcome).toBe('drained')
      world.clock.advance(86_400_000)
    }
    expect(await world.run()).toMatchObject({ outcome: 'failed', error: BEFORE })
    expect(world.taskNow().events).toBe(6)
  })

  it('fails at the put if it was followed longer ago: the object there is not the next one', async () => {
    const world = collectWorld()
    answerPages(world, count => ({ cursor: `C${count <= 6 ? count : 2}`, uuids: [`S${count}`] }))
    for (let runs = 0; runs < 7; runs++) expect((await world.run()).outcome).toBe('drained')
    answerPages(world, count => ({ cursor: `D${count}`, uuids: ['S3'] }))
    expect(await world.run()).toMatchObject({ outcome: 'failed', events: 0, error: BEFORE })
    expect(uuidsIn(world)).toEqual(['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7'])
    // The next run does not stay there for ever: it begins anew, and drops what was delivered.
    answerPages(world, count => ({ cursor: `N${count}`, uuids: count === 1 ? ['S3'] : ['S7', 'S8'] }))
    expect((await world.run()).outcome).toBe('drained')
    expect(world.taskNow()).toMatchObject({ chain: 2, state: 'Collecting' })
    expect(uuidsIn(world)).toEqual(['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8'])
  })

  it.each([
    ['the same day', 0],
    ['another day', 2 * 86_400_000],
  ])('and whose place was left is found again by a table that is restored on %s', async (_name, pauseMs) => {
    const world = collectWorld()
    answerPages(world, count => ({ cursor: `C${count <= 6 ? count : 2}`, uuids: [`S${count}`] }))
    for (let runs = 0; runs < 7; runs++) await world.run()
    const backup = world.taskNow()
    answerPages(world, count => ({ cursor: `D${count}`, uuids: ['S3'] }))
    await world.run()
    answerPages(world, count => ({
      cursor: `N${count}`,
      uuids: [['S3'], ['S7', 'S8'], ['S9']][count - 1] ?? [],
    }))
    for (let runs = 0; runs < 3; runs++) await world.run()
    expect(uuidsIn(world)).toHaveLength(9)
    restore(world, backup)
    world.clock.advance(pauseMs)
    answerPages(world, (count, { body = '' }) => ({
      cursor: `R${count}`,
      uuids: body.includes('"R') ? [] : ['S3', 'S7', 'S8', 'S9', 'S10'],
    }))
    for (let runs = 0; runs < 2; runs++) await world.run()
    expect(uuidsIn(world)).toEqual(Array.from({ length: 10 }, (_, i) => `S${i + 1}`))
    expect(world.taskNow()).toMatchObject({ state: 'Collecting', events: 10 })
  })

  it('is one that an empty page has moved on from', async () => {
    const world = collectWorld()
    answerPages(world, count =>
      count === 2 ? { cursor: 'MOVED', uuids: [] } : { cursor: 'A', uuids: [`S${count}`] },
    )
    await world.run()
    await world.run()
    expect(world.taskNow().cursor).toBe('MOVED')
    expect(await world.run()).toMatchObject({ outcome: 'failed', error: BEFORE })
  })

  it('may be followed again in a new chain', async () => {
    const world = collectWorld({ events: eventsFrom(0, 12), pageSize: 4 })
    world.settings.allowedHosts.push('events.1password.eu')
    await world.run()
    world.update({ baseUrl: 'https://events.1password.eu' })
    world.eventsApi.events.push(...eventsFrom(12, 4, Date.parse('2026-03-01T06:00:00Z')))
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 4 })
    expect(uuidsIn(world)).toEqual(Array.from({ length: 16 }, (_, i) => `E${i}`))
  })
})

describe('a row of empty pages that promise more', () => {
  /** A quarter of what may be sent in one burst. */
  const MOST = [
    [['sign-in'], 75],
    [['sign-in', 'itemUsage'], 37],
    [['sign-in', 'itemUsage', 'auditEvents'], 25],
  ] as const

  it.each(MOST)('ends the run and is reported, with the APIs %j after %i requests', async (apis, most) => {
    const world = collectWorld()
    world.update({ apis })
    const requests = answerPages(world, count => ({ cursor: `C${count}`, uuids: [], more: true }))
    const report = await world.run()
    expect(report).toMatchObject({
      outcome: 'failed',
      events: 0,
      error: {
        type: 'ThirdPartyGeneric',
        info: expect.stringContaining('requests in a row without an event'),
      },
    })
    // The introspection counts, and one request may be on its way.
    expect(requests()).toBeGreaterThanOrEqual(most - 2)
    expect(requests()).toBeLessThanOrEqual(most)
    expect(world.bus.published).toEqual([])
  })

  it('is no failure if it is shorter, and a page with an event begins to count anew', async () => {
    const world = collectWorld()
    answerPages(world, count => ({
      cursor: `C${count}`,
      uuids: count % 20 ? [] : [`S${count}`],
      more: count < 100,
    }))
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 5 })
  })

  it('goes on in the next run from where it was left', async () => {
    const world = collectWorld()
    answerPages(world, count => ({
      cursor: `C${count}`,
      uuids: count === 40 ? ['LAST'] : [],
      more: count < 40,
    }))
    expect((await world.run()).outcome).toBe('failed')
    expect((await world.run()).outcome).toBe('drained')
    expect(uuidsIn(world)).toEqual(['LAST'])
  })
})
