import { describe, expect, it } from 'vitest'
import { collectWorld, eventsFrom, ledgerLines, toUuids } from '../../support/collect-world.ts'

const isPage = ({ method }: { method: string }): boolean => method === 'POST'

describe('a backlog longer than a run', () => {
  it('is continued at once by another run, from where this one stopped', async () => {
    const world = collectWorld({ events: eventsFrom(0, 95) })
    world.eventsApi.answering = () => void world.clock.advance(9_000)
    expect((await world.run(world.ports, 100)).outcome).toBe('continued')
    expect(world.bus.published).toMatchObject([
      { sourceId: 100000002, api: 'sign-in', reason: 'continuation' },
    ])
    expect(world.taskNow().leaseOwner).toBeUndefined()
    for (let runs = 0; runs < 10 && (await world.run(world.ports, 100)).outcome === 'continued'; runs++);
    expect(toUuids(ledgerLines(world))).toHaveLength(95)
  })

  it('leaves no trace of an uncommitted object when all were committed: the next run looks for none', async () => {
    const world = collectWorld({ events: eventsFrom(0, 95) })
    world.eventsApi.answering = () => void world.clock.advance(9_000)
    expect((await world.run(world.ports, 100)).outcome).toBe('continued')
    expect(world.taskNow()).not.toHaveProperty('partition')
    const { effects } = await world.runUntilKilled()
    expect(effects).not.toContain('lake.record')
  })

  it('is not lost if the event for the next run is lost, because the task is free for the next tick', async () => {
    const world = collectWorld({ events: eventsFrom(0, 95) })
    world.eventsApi.answering = () => void world.clock.advance(9_000)
    const bus = { ...world.bus, publishDue: () => Promise.reject(new Error('bus down')) }
    expect((await world.run({ ...world.ports, bus }, 100)).outcome).toBe('continued')
    expect(world.taskNow().leaseOwner).toBeUndefined()
  })

  it('is requested within the task’s share of the rate limit', async () => {
    const world = collectWorld({ events: eventsFrom(0, 500), pageSize: 1 })
    const times: number[] = []
    world.eventsApi.answering = () => void times.push(world.clock.now())
    for (let runs = 0; runs < 10 && (await world.run()).outcome === 'continued'; runs++);
    expect(times.length).toBeGreaterThan(500)
    const inMinuteFrom = (from: number) => times.filter(at => at >= from && at < from + 60_000).length
    expect(Math.max(...times.map(inMinuteFrom))).toBeLessThanOrEqual(200)
  })

  it('is read one page ahead: the next page is fetched while one is delivered', async () => {
    const world = collectWorld({ events: eventsFrom(0, 30) })
    const order: string[] = []
    world.eventsApi.answering = call => void (isPage(call) && order.push('fetch'))
    const { create } = world.ports.lake
    const slow: typeof create = async (...args) => {
      await new Promise(resolve => setImmediate(resolve))
      order.push('put')
      return create(...args)
    }
    await world.run({ ...world.ports, lake: { ...world.ports.lake, create: slow } })
    expect(order).toEqual(['fetch', 'fetch', 'put', 'fetch', 'put', 'put'])
  })

  it('is collected even if a clock that has jumped back left the rate budget far in the future', async () => {
    const world = collectWorld({
      events: eventsFrom(0, 5),
      task: { rateMs: Date.parse('2030-01-01T00:00:00Z') },
    })
    expect((await world.run()).outcome).toBe('drained')
    expect(Math.max(...world.clock.slept)).toBeLessThan(60_000)
  })

  it('leaves the task as it was when there was no time for a request', async () => {
    const error = { type: 'ThirdPartyGeneric', code: 500, info: 'x', at: '2026-03-01T00:00:00.000Z' } as const
    const world = collectWorld({ events: eventsFrom(0, 5), task: { state: 'Error', error, introspected: 1 } })
    expect((await world.run(world.ports, 10)).outcome).toBe('continued')
    expect(world.taskNow()).toMatchObject({ state: 'Error', error })
    expect(world.taskNow().leaseOwner).toBeUndefined()
  })
})
