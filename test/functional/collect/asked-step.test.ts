import { describe, expect, it } from 'vitest'
import { requestStep } from '../../../shared/domain/task/life.ts'
import { applied } from '../../support/applying.ts'
import {
  type CollectWorld,
  collectWorld,
  DUE,
  eventsFrom,
  ledgerLines,
  toUuids,
} from '../../support/collect-world.ts'
import { answered } from '../../support/fakes/events-api.ts'

const WISH = { by: 'op0a1b2c3d', at: '2026-03-01T12:00:00.000Z' }

const ask = ({ ports }: CollectWorld, to: string) => applied(ports.tasks, DUE, requestStep({ ...WISH, to }))

/** A world in which the API is stuck behind the fifth event, at 00:04. */
async function stuck() {
  const world = collectWorld({ events: eventsFrom(0, 5) })
  await world.run()
  world.eventsApi.events.push(...eventsFrom(5, 15, Date.parse('2026-02-28T00:05:00Z')))
  world.eventsApi.answering = ({ method }) => (method === 'POST' ? answered('<html>') : undefined)
  for (let runs = 0; runs < 3; runs++) expect((await world.run()).outcome).toBe('failed')
  return world
}

const names = (...ranges: readonly (readonly [number, number])[]): string[] =>
  ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => `E${from + i}`))

describe('a step over events that an operator has asked for', () => {
  it('goes on from that time, and the error of before has named it', async () => {
    const world = await stuck()
    expect(world.taskNow().error?.info).toContain('leave it out with action/stepOver')
    await ask(world, '2026-02-28T00:10:00Z')
    world.eventsApi.answering = () => undefined
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 10 })
    expect(toUuids(ledgerLines(world))).toEqual(names([0, 5], [10, 20]))
    expect(world.taskNow().stepRequest).toBeUndefined()
    expect(world.taskNow().stepped).toBeUndefined()
  })

  it('is told: in a health event, in the log and in the ledger', async () => {
    const world = await stuck()
    await ask(world, '2026-02-28T00:10:00Z')
    world.eventsApi.answering = () => undefined
    await world.run()
    const told = world.bus.health.find(({ eventName }) => eventName === 'UnreadablePageWarning')
    expect(told?.details.description).toContain(
      'op0a1b2c3d asked at 2026-03-01T12:00:00.000Z to go on from 2026-02-28T00:10:00Z. What happened from ' +
        '2026-02-28T00:04:00.000Z to then is not in the lake',
    )
    expect(world.logged.join()).toContain('going on from the time that somebody has asked for')
    const steps = [...world.ports.lake.objects.values()].map(({ record }) => record.steppedOver)
    expect(steps).toEqual([
      undefined,
      '2026-02-28T00:04:00.000Z/2026-02-28T00:10:00Z by op0a1b2c3d at 2026-03-01T12:00:00.000Z',
    ])
  })

  it('costs and repeats nothing else, wherever a run dies', { tags: ['long'], timeout: 60_000 }, async () => {
    const begin = async () => {
      const world = await stuck()
      await ask(world, '2026-02-28T00:10:00Z')
      world.eventsApi.answering = () => undefined
      return world
    }
    const { effects } = await (await begin()).runUntilKilled()
    for (const at of effects.keys()) {
      for (const phase of ['before', 'after'] as const) {
        const world = await begin()
        await world.runUntilKilled({ at, phase })
        world.expireLease()
        for (let runs = 0; runs < 2; runs++) await world.run()
        expect(toUuids(ledgerLines(world)), `${phase} ${effects[at]} (${at})`).toEqual(
          names([0, 5], [10, 20]),
        )
        const steps = [...world.ports.lake.objects.values()].filter(({ record }) => record.steppedOver)
        expect(steps).toHaveLength(1)
      }
    }
  })

  it('to a time that is read already repeats nothing, and is no gap', async () => {
    const world = collectWorld({ events: eventsFrom(0, 20) })
    await world.run()
    await ask(world, '2026-02-28T00:05:00Z')
    world.eventsApi.events.push(...eventsFrom(20, 2, Date.parse('2026-02-28T00:20:00Z')))
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 2 })
    expect(toUuids(ledgerLines(world))).toEqual(names([0, 22]))
    expect(world.bus.health).toEqual([])
    expect([...world.ports.lake.objects.values()].map(({ record }) => record.steppedOver)).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('and another one before the next object are one entry of the ledger', async () => {
    const world = await stuck()
    await ask(world, '2026-02-28T00:08:00Z')
    await world.run()
    await applied(world.ports.tasks, DUE, requestStep({ to: '2026-02-28T00:12:00Z', by: 'op2', at: WISH.at }))
    world.eventsApi.answering = () => undefined
    await world.run()
    const [, step] = [...world.ports.lake.objects.values()]
    expect(step?.record.steppedOver).toBe(
      `2026-02-28T00:04:00.000Z/2026-02-28T00:12:00Z by op2 at ${WISH.at}`,
    )
    expect(toUuids(ledgerLines(world))).toEqual(names([0, 5], [12, 20]))
  })
})
