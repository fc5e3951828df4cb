import { describe, expect, it } from 'vitest'
import { describeCounts } from '../../../shared/domain/rule/rule-counts.ts'
import type { ProcessingRule } from '../../../shared/domain/source/source.ts'
import {
  type CollectWorld,
  collectWorld,
  eventsFrom,
  ledgerLines,
  toUuids,
} from '../../support/collect-world.ts'
import type { FakeEvent } from '../../support/fakes/events-api.ts'
import { rule } from '../../support/rules.ts'

const START_MS = Date.parse('2026-02-28T00:00:00Z')

/** Events with an address each, ten of them. Every third one is of a guest. */
const guestEvents = (count = 10): FakeEvent[] =>
  eventsFrom(0, count).map((event, i) => ({
    ...event,
    json: event.json.replace('}', `,"who":"${i % 3 === 0 ? 'guest' : 'member'}","ip":"192.0.2.${i}"}`),
  }))

const NO_GUESTS = rule('Exclude', '.*"guest".*', { name: 'no guests' })
const NO_IPS = rule('Mask', '"ip":"([^"]*)"', { name: 'no ips' })

function ruledWorld(filters: readonly ProcessingRule[], events = guestEvents(), pageSize = 4): CollectWorld {
  const world = collectWorld({ events, pageSize })
  world.update({ filters, markSalt: 'salt' })
  return world
}

const members = (world: CollectWorld, name: string): unknown[] =>
  ledgerLines(world).map(line => JSON.parse(line)[name])

describe('a source with processing rules', () => {
  it('delivers what its rules leave of the events', async () => {
    const world = ruledWorld([NO_GUESTS, NO_IPS])
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 6 })
    expect(toUuids(ledgerLines(world))).toEqual(['E1', 'E2', 'E4', 'E5', 'E7', 'E8'])
    expect(new Set(members(world, 'ip'))).toEqual(new Set(['#']))
    expect(ledgerLines(world)[0]).toMatch(
      /^\{"uuid":"E1","timestamp":"2026-02-28T00:01:00.000Z","n":1.0,"who":"member","ip":"#","_metadata":\{/,
    )
  })

  it('says in the report, with the task and in the record of each object what each rule has done', async () => {
    const world = ruledWorld([NO_GUESTS, NO_IPS])
    const report = await world.run()
    expect(report).toMatchObject({
      dropped: 4,
      changed: 6,
      rules: [
        { name: 'no guests', filterType: 'Exclude', dropped: 4 },
        { name: 'no ips', filterType: 'Mask', changed: 6 },
      ],
    })
    expect(Object.values(world.taskNow().filtered ?? {})).toEqual([4, 6])
    const records = [...world.ports.lake.objects.values()].map(({ record }) =>
      describeCounts([NO_GUESTS, NO_IPS], record.filtered).map(({ dropped, changed }) => dropped ?? changed),
    )
    expect(records).toEqual([
      [2, 2],
      [1, 3],
      [1, 1],
    ])
  })

  it('says nothing of rules that had nothing to do', async () => {
    const world = ruledWorld([rule('Exclude', 'never'), rule('Mask', '(never)')])
    const report = await world.run()
    expect(report).toMatchObject({ events: 10 })
    for (const name of ['dropped', 'changed', 'rules']) expect(report).not.toHaveProperty(name)
    expect(world.taskNow()).not.toHaveProperty('filtered')
  })

  it('goes past a page whose events are all dropped, without an object', async () => {
    const world = ruledWorld([rule('Include', '.*"E[89]".*')])
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 2, pages: 3, dropped: 8 })
    expect(world.ports.lake.objects.size).toBe(1)
    expect(toUuids(ledgerLines(world))).toEqual(['E8', 'E9'])
    world.eventsApi.events.push(...eventsFrom(10, 4, START_MS + 3_600_000))
    expect(await world.run()).toMatchObject({ events: 0, dropped: 4 })
    expect(await world.run()).toMatchObject({ events: 0 })
    expect(Object.values(world.taskNow().filtered ?? {})).toEqual([12])
    expect(world.ports.lake.objects.size).toBe(1)
  })

  it('is not taken for one that gets no events, however many are dropped', async () => {
    const world = ruledWorld([rule('Exclude', '.*')], eventsFrom(0, 300), 1)
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 0, dropped: 300 })
  })

  it('goes on at once when the time of a run is used up, also if all events were dropped', async () => {
    const world = ruledWorld([rule('Exclude', '.*')])
    world.eventsApi.answering = () => {
      world.clock.advance(60_000)
      return undefined
    }
    expect(await world.run()).toMatchObject({ outcome: 'continued', events: 0, dropped: 8 })
    expect(world.bus.published.map(({ reason }) => reason)).toEqual(['continuation'])
  })

  it('keeps the times of events whose time is masked', async () => {
    const world = ruledWorld([rule('Mask', '"timestamp":"([^"]*)"')])
    await world.run()
    expect(new Set(members(world, 'timestamp'))).toEqual(new Set(['#']))
    expect(world.taskNow()).toMatchObject({
      firstEventTime: '2026-02-28T00:00:00.000Z',
      lastEventTime: '2026-02-28T00:09:00.000Z',
    })
    expect(world.taskNow().lateEvents).toBe(0)
  })

  it('shows in the metadata of an event nothing that is masked in it', async () => {
    const events = [{ timestamp: '2026-02-28T00:00:00Z', json: '{"uuid":"U","category":"a secret"}' }]
    const world = ruledWorld([rule('Mask', '"category":"([^"]*)"')], events)
    world.update({ fields: { _siemForward: true } })
    await world.run()
    expect(ledgerLines(world)[0]).toContain('"_siemEventID":"signin-#"')
    expect(JSON.stringify([...world.ports.lake.objects.values(), world.taskNow()])).not.toContain('a secret')
  })

  it('forgets the counts of rules that it no longer has, and counts others anew', async () => {
    const world = ruledWorld([NO_GUESTS, NO_IPS])
    await world.run()
    world.update({ filters: [NO_IPS, rule('Hash', '"who":"(.*?)"')] })
    world.eventsApi.events.push(...eventsFrom(10, 1, START_MS + 3_600_000))
    await world.run()
    expect(Object.values(world.taskNow().filtered ?? {})).toEqual([6])
    world.update({ filters: [] })
    await world.run()
    expect(world.taskNow().filtered).toBeUndefined()
  })

  it('fails with a configuration error if a rule takes too long, and names the slowest', async () => {
    const world = ruledWorld([NO_GUESTS, NO_IPS])
    const { load } = world.ports.expressions
    const expressions = {
      load: async () => {
        const compile = await load()
        return (regexp: string) => {
          const expression = compile(regexp)
          const isMatch = (): boolean => {
            world.clock.advance(9_000)
            return false
          }
          return 'fault' in expression || regexp !== NO_GUESTS.regexp
            ? expression
            : { ...expression, isMatch }
        }
      },
    }
    expect(await world.run({ ...world.ports, expressions })).toMatchObject({ outcome: 'failed', events: 0 })
    expect(world.taskNow()).toMatchObject({ halted: true, error: { type: 'ThirdPartyConfig', code: 400 } })
    expect(world.taskNow().error?.info).toBe(
      'The processing rules take more than 20 seconds for a page, and "no guests" takes most of it. Update the source with a simpler expression, or with fewer rules.',
    )
    expect(world.ports.lake.objects.size).toBe(0)
  })

  it('retries if the engine cannot be loaded, and delivers nothing without it', async () => {
    const world = ruledWorld([NO_GUESTS])
    const expressions = { load: () => Promise.reject(new Error('no such module')) }
    expect(await world.run({ ...world.ports, expressions })).toMatchObject({
      outcome: 'failed',
      error: { type: 'FirstPartyGeneric' },
    })
    expect(world.ports.lake.objects.size).toBe(0)
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 6 })
  })

  it('lets requests proceed while its rules work for long', async () => {
    const world = ruledWorld([NO_GUESTS])
    let ways = 0
    const clock = {
      ...world.clock,
      now: () => {
        world.clock.advance(30)
        return world.clock.now()
      },
      giveWay: async () => void ways++,
    }
    await world.run({ ...world.ports, clock })
    expect(ways).toBeGreaterThan(3)
  })
})

describe('the destination of a source with processing rules', () => {
  const KEPT = ['E1', 'E2', 'E4', 'E5', 'E7', 'E8']

  function handingWorld(lake: boolean): CollectWorld {
    const world = ruledWorld([NO_GUESTS, NO_IPS])
    const { current } = world.registered
    if (!current) throw new Error('the source is gone')
    const destination = { type: 'sumologic', lake, secret: 'a' } as const
    world.registered.current = { ...current, collector: { ...current.collector, destination } }
    return world
  }

  const received = ({ ports }: CollectWorld) => ports.destinations.received().map(text => JSON.parse(text))

  it.each([true, false])('gets what the rules leave (lake: %s)', async lake => {
    const world = handingWorld(lake)
    await world.run()
    expect(received(world).map(({ uuid }) => uuid)).toEqual(KEPT)
    expect(new Set(received(world).map(({ ip }) => ip))).toEqual(new Set(['#']))
    expect(Object.values(world.taskNow().filtered ?? {}).sort()).toEqual([4, 6])
  })

  it('gets the same, without the mark, from a run that reads it from the lake', async () => {
    const world = handingWorld(true)
    world.update({ filters: [NO_GUESTS, NO_IPS, rule('Mask', '"uuid":"(.)')] })
    const { destinations } = world.ports
    destinations.onBatch = async () => {
      throw new Error('the run dies')
    }
    await world.run()
    expect(world.ports.lake.objects.size).toBe(1)
    destinations.onBatch = async () => {}
    await world.run()
    expect(received(world).map(({ uuid }) => uuid)).toEqual(KEPT.map(uuid => `#${uuid.slice(1)}`))
    expect(JSON.stringify(destinations.received())).not.toContain('mark')
  })
})

describe('a source without processing rules', () => {
  it('loads no engine', async () => {
    for (const filters of [undefined, []]) {
      const world = collectWorld({ events: eventsFrom(0, 5) })
      world.update(filters ? { filters, markSalt: 'salt' } : {})
      const expressions = { load: () => Promise.reject(new Error('the engine is loaded')) }
      expect(await world.run({ ...world.ports, expressions })).toMatchObject({
        outcome: 'drained',
        events: 5,
      })
    }
  })
})
