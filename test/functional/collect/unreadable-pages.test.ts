import { describe, expect, it } from 'vitest'
import { RESERVE_MS } from '../../../shared/contract/timing.ts'
import { NetworkFailure } from '../../../shared/domain/failure/network-failure.ts'
import type { EventsApiAnswer } from '../../../shared/ports.ts'
import {
  type CollectWorld,
  collectWorld,
  eventsFrom,
  ledgerLines,
  toUuids,
} from '../../support/collect-world.ts'
import { answered, badRequest, failed } from '../../support/fakes/events-api.ts'

const WARNING = 'UnreadablePageWarning/sign-in'

const uuids = (count: number, without?: string): string[] =>
  Array.from({ length: count }, (_, i) => `E${i}`).filter(uuid => uuid !== without)

/** Changes each page on its way. A change may throw. */
function worldWith(change: (body: string) => string, pageSize = 10) {
  const world = collectWorld({ events: eventsFrom(0, 25), pageSize })
  const { send } = world.eventsApi
  world.eventsApi.send = async (call): Promise<EventsApiAnswer> => {
    const answer = await send.call(world.eventsApi, call)
    if (call.method !== 'POST' || answer.status !== 200) return answer
    return answered(change(Buffer.from(answer.body).toString('utf8')))
  }
  return world
}

/** A page of more items than this is larger than a run can hold. */
const largeWorld = (most: number) =>
  worldWith(body => {
    if (body.split('"uuid"').length - 1 <= most) return body
    throw new NetworkFailure({ reason: 'too-large', at: 'https://x', limit: 1 })
  })

/** A page with this event breaks off in the middle of it. */
const tornWorld = (uuid: string, pageSize?: number) =>
  worldWith(body => {
    const at = body.indexOf(`"${uuid}"`)
    return at < 0 ? body : body.slice(0, at + uuid.length + 2)
  }, pageSize)

/** Runs as a tick and the state machine make them. */
async function runs(world: CollectWorld, count: number): Promise<string[]> {
  const outcomes: string[] = []
  for (let run = 0; run < count; run++) {
    outcomes.push((await world.run()).outcome)
    world.clock.advance(60_000)
  }
  return outcomes
}

const openNow = ({ ports }: CollectWorld): string[] =>
  ports.healthEvents.open().map(place => place.slice(place.indexOf('#') + 1))

/** Runs until events are stepped over. That run is not the first, and two others have failed before it. */
async function runsUntilStep(world: CollectWorld): Promise<void> {
  const outcomes: string[] = []
  while (!openNow(world).includes(WARNING) && outcomes.length < 9) outcomes.push(...(await runs(world, 1)))
  expect(outcomes.slice(-3)).toEqual(['failed', 'failed', 'drained'])
}

describe('a page that is larger than a run can hold', () => {
  it.each([9, 5, 4, 1])(
    'is read in smaller ones by the second run that meets it, here of %i at most',
    async most => {
      const world = largeWorld(most)
      expect(await runs(world, 2)).toEqual(['failed', 'drained'])
      expect(toUuids(ledgerLines(world))).toEqual(uuids(25))
      expect(world.taskNow()).toMatchObject({ state: 'Collecting', events: 25 })
      expect(world.taskNow().unreadable).toBeUndefined()
      expect(openNow(world)).toEqual([])
    },
  )

  it('is no trouble where it has exactly the size', async () => {
    const world = largeWorld(10)
    expect(await runs(world, 1)).toEqual(['drained'])
    expect(world.taskNow().pageLimit).toBeUndefined()
  })

  it('is not asked for in smaller ones when the time is used up', async () => {
    const world = largeWorld(4)
    await world.run()
    world.clock.advance(60_000)
    world.eventsApi.calls.length = 0
    world.eventsApi.answering = () => void world.clock.advance(1000)
    expect(await world.run(world.ports, (RESERVE_MS + 1000) / 1000)).toMatchObject({ outcome: 'failed' })
    expect(world.eventsApi.calls).toHaveLength(1)
    expect(world.taskNow().error?.info).toContain('is larger than')
  })

  it('is the failure that the task shows if a smaller one is refused', async () => {
    const world = largeWorld(4)
    await world.run()
    world.clock.advance(60_000)
    world.eventsApi.answering = ({ body }) => (body?.includes('"limit":10') ? undefined : badRequest)
    expect(await world.run()).toMatchObject({ outcome: 'failed' })
    expect(world.taskNow().error?.info).toContain('is larger than')
  })

  it('moves nothing if 1Password is unavailable when a smaller one is asked for', async () => {
    const world = largeWorld(4)
    await world.run()
    world.clock.advance(60_000)
    world.eventsApi.answering = ({ body }) => (body?.includes('"limit":10') ? undefined : failed(503))
    expect(await world.run()).toMatchObject({ outcome: 'failed' })
    expect(world.taskNow()).toMatchObject({ chain: 1, error: { type: 'ThirdPartyGeneric', code: 503 } })
  })

  it('behind a cursor is read in smaller ones from before the last event, and nothing is doubled', async () => {
    const world = largeWorld(10)
    await world.run()
    const { send } = world.eventsApi
    world.eventsApi.send = async call => {
      const answer = await send(call)
      const items = Buffer.from(answer.body).toString('utf8').split('"uuid"').length - 1
      if (items > 4) throw new NetworkFailure({ reason: 'too-large', at: 'https://x', limit: 1 })
      return answer
    }
    world.eventsApi.events.push(...eventsFrom(25, 30, Date.parse('2026-02-28T00:25:00Z')))
    expect(await runs(world, 2)).toEqual(['failed', 'drained'])
    expect(toUuids(ledgerLines(world))).toEqual(uuids(55))
  })
})

describe('a request of another kind than the task’s, with which a page is read another way', () => {
  it.each([
    ['a smaller page', 1, '"limit":5'],
    ['a later start', 2, '"limit":1,'],
  ])('may be refused (%s): that says nothing of the task’s own place', async (_name, runsBefore, asked) => {
    const world = tornWorld('E0')
    await runs(world, runsBefore)
    const before = world.taskNow()
    let refused = 0
    world.eventsApi.answering = ({ method, body = '' }) => {
      if (method !== 'POST' || !body.includes(asked)) return undefined
      refused++
      return badRequest
    }
    const report = await world.run()
    expect(refused).toBe(1)
    expect(report).toMatchObject({
      outcome: 'failed',
      error: { type: 'ThirdPartyGeneric', info: expect.stringContaining('not JSON') },
    })
    const { chain, startTime, refusedPlace } = world.taskNow()
    expect({ chain, startTime, refusedPlace }).toEqual({
      chain: before.chain,
      startTime: before.startTime,
      refusedPlace: undefined,
    })
    world.eventsApi.answering = () => undefined
    expect((await runs(world, 3)).at(-1)).toBe('drained')
    expect(toUuids(ledgerLines(world))).toEqual(uuids(25, 'E0'))
  })
})

describe('an event that breaks every page it is in', () => {
  it.each(['E0', 'E12', 'E20', 'E24'])(
    '(%s) is stepped over by the third run that meets it, kept as received and told; the rest is delivered',
    async uuid => {
      const world = tornWorld(uuid)
      await runsUntilStep(world)
      expect(await runs(world, 1)).toEqual(['drained'])
      expect(toUuids(ledgerLines(world))).toEqual(uuids(25, uuid))
      expect(world.taskNow()).toMatchObject({ state: 'Collecting', events: 24, unreadable: 1 })
      const { unreadable } = world.ports.lake
      expect([...unreadable.values()].filter(body => body.endsWith(`"${uuid}"\n`))).toHaveLength(1)
      expect(openNow(world)).toEqual([WARNING])
      const told = world.bus.health.find(({ eventName }) => eventName === 'UnreadablePageWarning')
      expect(told?.details.description).toContain([...unreadable.keys()][0])
      expect(world.logged.join()).toContain('could not be read and are stepped over')
    },
  )

  it('that is too large to be received is told with the time in which it lies', async () => {
    const world = worldWith(body => {
      if (!body.includes('"E12"')) return body
      throw new NetworkFailure({ reason: 'too-large', at: 'https://x', limit: 1 })
    })
    await runsUntilStep(world)
    expect(toUuids(ledgerLines(world))).toEqual(uuids(25, 'E12'))
    const told = world.bus.health.find(({ eventName }) => eventName === 'UnreadablePageWarning')
    expect(told?.details.description).toContain('from 2026-02-28T00:11:00.000Z to 2026-02-28T00:12:01Z')
    expect(told?.details.description).toContain('too large to be kept')
  })

  it.each([
    ['by years', '2099-01-01T00:00:00Z'],
    ['by an hour, and lies in the past by now', '2026-02-28T01:30:00Z'],
  ])(
    'is found behind an event that is dated ahead %s, and that one is not repeated',
    async (_name, timestamp) => {
      for (const at of [0, 5, 11]) {
        const world = tornWorld('E12')
        world.eventsApi.events.splice(at, 0, {
          timestamp,
          json: JSON.stringify({ uuid: 'AHEAD', timestamp }),
        })
        for (let run = 0; run < 5; run++) await runs(world, 1)
        expect(toUuids(ledgerLines(world)).sort()).toEqual([...uuids(25, 'E12'), 'AHEAD'].sort())
        const steps = [...world.ports.lake.objects.values()].flatMap(({ record }) => record.steppedOver ?? [])
        expect(steps).toEqual([expect.stringMatching(/2026-02-28T00:12:01Z by collect at/)])
      }
    },
  )

  it('costs nothing else, wherever a run dies', { tags: ['long'], timeout: 60_000 }, async () => {
    const begin = async () => {
      const world = tornWorld('E12', 4)
      await runs(world, 3)
      expect(world.ports.lake.unreadable.size).toBe(0)
      return world
    }
    const { effects } = await (await begin()).runUntilKilled()
    for (const at of effects.keys()) {
      const world = await begin()
      await world.runUntilKilled({ at, phase: 'after' })
      world.expireLease()
      await runs(world, 5)
      expect(toUuids(ledgerLines(world)), `killed after ${effects[at]} (${at})`).toEqual(uuids(25, 'E12'))
    }
  })
})

describe('a page that cannot be read now and then', () => {
  /** The page with this event is torn while this is above zero; everything else is right. */
  function worldOfTearing(uuid: string) {
    const tearing = { runs: 0 }
    const world = worldWith(body => {
      const at = body.indexOf(`"${uuid}"`)
      return at < 0 || tearing.runs === 0 ? body : body.slice(0, at)
    }, 1)
    return { world, tearing }
  }

  it.each([1, 2])('is delivered, if only %i runs in a row meet it', async count => {
    const { world, tearing } = worldOfTearing('E12')
    tearing.runs = count
    const failed = Array.from({ length: count }, () => 'failed')
    expect(await runs(world, count)).toEqual(failed)
    tearing.runs = 0
    expect(await runs(world, 1)).toEqual(['drained'])
    expect(toUuids(ledgerLines(world))).toEqual(uuids(25))
    expect(openNow(world)).toEqual([])
  })

  it('is delivered, if a run between two that fail reads it', async () => {
    const { world, tearing } = worldOfTearing('E25')
    await world.run()
    for (let times = 0; times < 4; times++) {
      tearing.runs = 2
      world.eventsApi.events.splice(25)
      expect(await runs(world, 1)).toEqual(['drained'])
      world.eventsApi.events.push(...eventsFrom(25, 1, Date.parse('2026-02-28T00:25:00Z')))
      expect(await runs(world, 2)).toEqual(['failed', 'failed'])
    }
    tearing.runs = 0
    expect(await runs(world, 1)).toEqual(['drained'])
    expect(toUuids(ledgerLines(world))).toEqual(uuids(26))
    expect(openNow(world)).toEqual([])
  })
})

describe('an answer that is no page, to every request', () => {
  it('moves nothing, however long it lasts', async () => {
    const world = tornWorld('E12')
    world.eventsApi.answering = ({ method }) => (method === 'POST' ? answered('<html>') : undefined)
    expect(await runs(world, 5)).toEqual(['failed', 'failed', 'failed', 'failed', 'failed'])
    expect(world.taskNow()).toMatchObject({
      chain: 1,
      pages: 0,
      error: { type: 'ThirdPartyGeneric', code: 200 },
    })
    expect(world.ports.lake.unreadable.size).toBe(0)
  })

  it('replaces no cursor when it is over before the second run has asked again', async () => {
    const world = worldWith(body => body)
    await world.run()
    world.eventsApi.events.push(...eventsFrom(25, 4, Date.parse('2026-02-28T00:25:00Z')))
    let refusals = 6
    world.eventsApi.answering = ({ method }) =>
      method === 'POST' && refusals-- > 0 ? answered('<html>') : undefined
    expect(await runs(world, 2)).toEqual(['failed', 'drained'])
    expect(world.taskNow()).toMatchObject({ chain: 1, events: 29 })
    expect(world.taskNow().pageLimit).toBeUndefined()
  })
})
