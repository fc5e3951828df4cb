import { describe, expect, it } from 'vitest'
import { collectWorld, eventsFrom, ledgerLines, toUuids } from '../../support/collect-world.ts'
import { answered } from '../../support/fakes/events-api.ts'

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `E${i}`)

const HOURS_LATER = Date.parse('2026-02-28T12:00:00Z')

/** The last page has no cursor, if it has events. */
function worldWithout(events = eventsFrom(0, 25), pageSize = 10) {
  const world = collectWorld({ events, pageSize })
  const { send } = world.eventsApi
  const state = { isOn: true }
  world.eventsApi.send = async call => {
    const answer = await send.call(world.eventsApi, call)
    const text = Buffer.from(answer.body).toString('utf8')
    const isLast = text.includes('"has_more":false,"items":[{')
    return state.isOn && isLast ? answered(text.replace(/"cursor":"[^"]*",/, '')) : answer
  }
  return { world, state }
}

describe('a last page with events and without a cursor', () => {
  it('is delivered, none of its events is kept aside or repeated, and the stream goes on', async () => {
    const { world, state } = worldWithout()
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 25 })
    expect(world.taskNow()).toMatchObject({ chain: 2, state: 'Collecting' })
    for (let run = 0; run < 3; run++) {
      world.clock.advance(300_000)
      expect(await world.run()).toMatchObject({ outcome: 'drained', events: 0 })
    }
    world.eventsApi.events.push(...eventsFrom(25, 3, HOURS_LATER))
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 3 })
    state.isOn = false
    world.eventsApi.events.push(...eventsFrom(28, 3, HOURS_LATER + 600_000))
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 3 })
    expect(toUuids(ledgerLines(world))).toEqual(names(31))
    expect(world.ports.lake.unreadable.size).toBe(0)
    expect(world.taskNow().overlap).toBeUndefined()
  })

  it('is asked for again first: it may have been damaged on its way', async () => {
    const { world, state } = worldWithout()
    world.eventsApi.answering = () => {
      if (world.eventsApi.calls.length > 4) state.isOn = false
      return undefined
    }
    await world.run()
    expect(world.taskNow().chain).toBe(1)
    expect(toUuids(ledgerLines(world))).toEqual(names(25))
  })

  it('whose object is adopted is followed by a walk back to the begin of its chain: the chain behind it may be adopted, too', async () => {
    const { world, state } = worldWithout()
    state.isOn = false
    await world.run()
    const { startTime } = world.taskNow()
    world.clock.advance(20 * 3_600_000)
    await world.run()
    world.eventsApi.events.push(...eventsFrom(25, 3, world.clock.now() - 60_000))
    state.isOn = true
    const { effects } = await world.runUntilKilled({ at: 7, phase: 'after' })
    expect(effects.at(-1)).toBe('lake.create')
    world.expireLease()
    for (let at = 0; world.taskNow().chain === 1; at++) {
      await world.runUntilKilled({ at, phase: 'after' })
      world.expireLease()
    }
    expect(world.taskNow()).toMatchObject({ chain: 2, overlap: { from: startTime } })
    expect(Date.parse(world.taskNow().startTime)).toBeGreaterThan(Date.parse(startTime))
    await world.run()
    expect(toUuids(ledgerLines(world))).toEqual(names(28))
  })

  it('costs and repeats nothing, wherever a run dies', { tags: ['long'], timeout: 60_000 }, async () => {
    const { effects } = await worldWithout().world.runUntilKilled()
    for (const at of effects.keys()) {
      for (const phase of ['before', 'after'] as const) {
        const { world } = worldWithout()
        await world.runUntilKilled({ at, phase })
        world.expireLease()
        for (let run = 0; run < 3; run++) await world.run()
        expect(toUuids(ledgerLines(world)), `${phase} ${effects[at]} (${at})`).toEqual(names(25))
      }
    }
  })
})
