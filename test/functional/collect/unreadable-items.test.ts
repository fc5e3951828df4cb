import { describe, expect, it } from 'vitest'
import type { EventsApiAnswer } from '../../../shared/ports.ts'
import {
  type CollectWorld,
  collectWorld,
  DUE,
  eventsFrom,
  ledgerLines,
  toUuids,
} from '../../support/collect-world.ts'
import { answered } from '../../support/fakes/events-api.ts'
import { secretOf } from '../../support/fakes/tokens.ts'
import { openAfter } from '../../support/health.ts'
import { rule } from '../../support/rules.ts'

const DAY_MS = 86_400_000

/** Replaces this text in each answer to a page request by these bytes, at most so often. */
function damagedWorld(text: string, bytes: string, times = Number.POSITIVE_INFINITY) {
  const world = collectWorld({ events: eventsFrom(0, 25), pageSize: 10 })
  const { send } = world.eventsApi
  let left = times
  world.eventsApi.send = async call => {
    const answer = await send.call(world.eventsApi, call)
    const body = Buffer.from(answer.body).toString('latin1')
    if (!body.includes(text) || left-- <= 0) return answer
    return { ...answer, body: Buffer.from(body.replace(text, bytes), 'latin1') }
  }
  return world
}

const E12 = '{"uuid":"E12","timestamp":"2026-02-28T00:12:00.000Z","n":1.0}'
const others = Array.from({ length: 25 }, (_, i) => `E${i}`).filter(uuid => uuid !== 'E12')
const openNow = ({ ports }: CollectWorld): string[] =>
  ports.healthEvents.open().map(place => place.slice(place.indexOf('#') + 1))

const WARNING = 'UnreadablePageWarning/sign-in'

describe('an item that is no event', () => {
  it.each([
    ['null', 'null'],
    ['a NaN in it', E12.replace('1.0', 'NaN')],
    ['a byte that is not UTF-8', E12.replace('E12', 'E12\xff')],
    ['a text', '"E12"'],
  ])('(%s) is kept as received, and every other event is delivered', async (_name, bytes) => {
    const world = damagedWorld(E12, bytes)
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 24, unreadable: 1 })
    expect(toUuids(ledgerLines(world))).toEqual(others)
    const { objects, unreadable } = world.ports.lake
    const [key, record] = [...objects].map(([at, object]) => [at, object.record] as const)[1] ?? []
    expect(record).toMatchObject({ count: 9, unreadableCount: 1 })
    expect([...unreadable]).toEqual([
      [
        expect.stringContaining(`${key?.replace('events/', 'unreadable/').replace('.ndjson.gz', '')}/`),
        `${Buffer.from(bytes, 'latin1').toString('utf8')}\n`,
      ],
    ])
    expect(world.taskNow()).toMatchObject({ state: 'Collecting', events: 24, unreadable: 1 })
  })

  it('is told by a warning that says where it lies, for a day after the last news of it', async () => {
    const world = damagedWorld(E12, 'null')
    await world.run()
    const { bus, clock, ports } = world
    expect(openNow(world)).toEqual([WARNING])
    expect(bus.health[0]?.details.description).toContain(
      [...ports.lake.unreadable.keys()][0]?.replace(/[^/]*$/, ''),
    )
    clock.advance(DAY_MS - 1)
    await world.run()
    expect(openNow(world)).toEqual([WARNING])
    clock.advance(1)
    await world.run()
    expect(openNow(world)).toEqual([])
    expect(openAfter(bus.health)).toEqual([])
  })

  it('is not given up before the page was asked for three times', async () => {
    const world = damagedWorld(E12, 'null', 2)
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 25 })
    expect(world.ports.lake.unreadable.size).toBe(0)
    expect(world.taskNow().unreadable).toBeUndefined()
  })

  it('leaves an object without events where it is all that the page holds, so that the ledger shows it', async () => {
    const world = collectWorld({})
    const page = (cursor: string, items: string): EventsApiAnswer =>
      answered(`{"cursor":"${cursor}","items":${items}}`)
    world.eventsApi.answering = ({ body = '' }) =>
      body === '' ? undefined : body.includes('"a"') ? page('a', '[]') : page('a', '[null,null]')
    expect(await world.run()).toMatchObject({ outcome: 'drained', pages: 1, events: 0, unreadable: 2 })
    expect(world.taskNow()).toMatchObject({ cursor: 'a', unreadable: 2, events: 0 })
    expect(ledgerLines(world)).toEqual([])
    expect(world.ports.lake.objects.size).toBe(1)
  })

  it('is not replaced by what another attempt puts for the same object hours late', async () => {
    const world = damagedWorld(E12, 'null')
    const { lake } = world.ports
    const { send } = world.eventsApi
    const late: (() => Promise<void>)[] = []
    const setAside: typeof lake.setAside = async (...piece) => {
      late.push(() => lake.setAside(...piece))
      throw new Error('socket hang up')
    }
    await world.run({ ...world.ports, lake: { ...lake, setAside } })
    world.eventsApi.send = async call => {
      const answer = await send.call(world.eventsApi, call)
      return {
        ...answer,
        body: Buffer.from(Buffer.from(answer.body).toString('latin1').replace('null', 'NaN')),
      }
    }
    expect((await world.run()).outcome).toBe('drained')
    await Promise.all(late.map(put => put()))
    expect([...lake.unreadable.values()]).toEqual(['NaN\n', 'null\n'])
  })

  it('is kept, counted and told once, wherever a run dies', { tags: ['long'] }, async () => {
    const { effects } = await damagedWorld(E12, 'null').runUntilKilled()
    expect(effects).toContain('lake.setAside')
    for (const at of effects.keys()) {
      for (const phase of ['before', 'after'] as const) {
        const world = damagedWorld(E12, 'null')
        await world.runUntilKilled({ at, phase })
        world.expireLease()
        await world.run()
        const about = `killed ${phase} ${effects[at]} (${at})`
        expect(toUuids(ledgerLines(world)), about).toEqual(others)
        expect(world.taskNow(), about).toMatchObject({ events: 24, unreadable: 1 })
        expect([...world.ports.lake.unreadable.values()], about).toEqual(['null\n'])
        expect(openNow(world), about).toEqual([WARNING])
      }
    }
  })

  it('is kept without the token that it repeats, wherever in it that is', async () => {
    for (const before of [0, 5, 16_380, 40_000]) {
      const world = damagedWorld(E12, `"${'x'.repeat(before)}"`)
      const token = `${'tok3n-'.repeat(10)}end`
      world.eventsApi.token = token
      world.secrets.set(DUE.sourceId, secretOf(token, 'v1'))
      const { send } = world.eventsApi
      world.eventsApi.send = async call => {
        const answer = await send(call)
        const body = Buffer.from(answer.body)
          .toString('latin1')
          .replace('"x', `"${token}x`)
          .replace('x"', `x${token}"`)
        return { ...answer, body: Buffer.from(body, 'latin1') }
      }
      await world.run()
      const [evidence = ''] = world.ports.lake.unreadable.values()
      expect(evidence.length).toBeGreaterThan(before)
      expect(evidence).not.toContain('tok3n-tok3n-')
    }
  })

  it('fails the run, and passes nothing, where it cannot be kept', async () => {
    const world = damagedWorld(E12, 'null')
    const lake = { ...world.ports.lake, setAside: () => Promise.reject(new Error('AccessDenied')) }
    expect(await world.run({ ...world.ports, lake })).toMatchObject({ outcome: 'failed', events: 10 })
    expect(world.ports.lake.objects.size).toBe(1)
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 14, unreadable: 1 })
    expect(toUuids(ledgerLines(world))).toEqual(others)
  })
})

describe('what cannot be read, of a source with processing rules,', () => {
  const withRules = (world: CollectWorld): CollectWorld => {
    world.update({ filters: [rule('Mask', '(secret)')], markSalt: 'salt' })
    return world
  }

  it('is not kept, because no rule can be applied to it, and the warning says so', async () => {
    const world = withRules(damagedWorld(E12, '"a secret"'))
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 24, unreadable: 1 })
    expect(toUuids(ledgerLines(world))).toEqual(others)
    expect(world.ports.lake.unreadable.size).toBe(0)
    expect(JSON.stringify([world.logged, world.bus.health, world.taskNow()])).not.toContain('secret')
    expect(openNow(world)).toEqual([WARNING])
    expect(world.bus.health[0]?.details.description).toContain(
      'What could not be read was not kept, because the source has processing rules, and these can be applied to events only; more may have come since. Show it',
    )
  })

  it('is not kept of a whole page either', async () => {
    const world = withRules(collectWorld({ events: eventsFrom(0, 25), pageSize: 10 }))
    const { send } = world.eventsApi
    world.eventsApi.send = async call => {
      const answer = await send.call(world.eventsApi, call)
      const body = Buffer.from(answer.body).toString()
      const at = body.indexOf('"E12"')
      return at < 0 ? answer : { ...answer, body: Buffer.from(`${body.slice(0, at)}"a secret`) }
    }
    for (let run = 0; run < 6; run++) {
      await world.run()
      world.clock.advance(60_000)
    }
    expect(toUuids(ledgerLines(world))).toEqual(others)
    expect(world.ports.lake.unreadable.size).toBe(0)
    expect(JSON.stringify([world.logged, world.bus.health, world.taskNow()])).not.toContain('secret')
    const said = world.bus.health.map(({ details }) => details.description)
    expect(said.join()).toContain('What was received was not kept, because')
  })
})

describe('a last page without a cursor', () => {
  it.each([
    ['at the start of a chain', {}],
    ['behind a cursor', { cursor: 'c' }],
  ])('and without events means that there is nothing new: %s', async (_name, task) => {
    const world = collectWorld({ task })
    world.eventsApi.answering = ({ method }) =>
      method === 'POST' ? answered('{"has_more":false,"items":[]}') : undefined
    expect(await world.run()).toMatchObject({ outcome: 'drained', pages: 0 })
    expect(world.ports.tasks.get(DUE)?.cursor).toBe((task as { cursor?: string }).cursor)
  })
})
