import { describe, expect, it } from 'vitest'
import { RESERVE_MS, WALK_KEPT_MS, WALK_MS, WALK_STUCK_MS } from '../../../shared/contract/timing.ts'
import { linesInLake, reading, refusal, resetWorld, runsWith } from '../../support/reset-world.ts'

describe('a walk along the ledger that takes several runs', () => {
  it('keeps what it has found, so that three runs of trouble together come to its end', async () => {
    const world = await resetWorld()
    const { read } = world.ports.lake
    const keys: string[] = []
    const shaky = (at: number, key: string) => {
      if (at > 0 && at % 3 === 2) return Promise.reject(refusal('SlowDown', 503))
      keys.push(key)
      return read(key)
    }
    const outcomes: string[] = []
    for (let run = 0; run < 3; run++) outcomes.push(...(await runsWith(world, shaky, 1)))
    expect(outcomes).toEqual(['failed', 'failed', 'drained'])
    expect(new Set(keys).size).toBe(keys.length)
    expect(linesInLake(world)).toHaveLength(29)
  })

  it.each([
    ['gone', async () => undefined],
    ['cut', async () => '{"schema":1'],
    ['denied', () => Promise.reject(refusal('AccessDenied', 403))],
    ['archived', () => Promise.reject(refusal('InvalidObjectState', 403))],
  ])('begins anew if what an earlier run has kept is %s', async (_, readAside) => {
    const world = await resetWorld()
    const lake = world.ports.lake
    const slow = async (_at: number, key: string) => {
      world.clock.advance(WALK_MS / 4)
      return lake.read(key)
    }
    expect(await runsWith(world, slow, 1)).toEqual(['continued'])
    expect([...lake.aside.keys()]).toEqual(['walks/100000002-sign-in-2.txt'])
    lake.readAside = readAside
    expect(await runsWith(world, (_at, key) => lake.read(key), 1)).toEqual(['drained'])
    expect(linesInLake(world)).toHaveLength(29)
  })

  it('does not throw away what an earlier run has kept because it cannot be read for a moment', async () => {
    const world = await resetWorld()
    const { lake } = world.ports
    const { readAside } = lake
    lake.readAside = () => Promise.reject(refusal('SlowDown', 503))
    expect(await runsWith(world, (_, key) => lake.read(key), 1)).toEqual(['failed'])
    expect(lake.aside.size).toBe(0)
    lake.readAside = readAside
    expect(await runsWith(world, (_, key) => lake.read(key), 1)).toEqual(['drained'])
  })

  it.each([
    ['is lost', false],
    ['arrives, but its answer is lost,', true],
  ])('goes on if what it keeps %s', async (_, arrives) => {
    const world = await resetWorld()
    const { lake } = world.ports
    const { setAside } = lake
    lake.setAside = async (key, body) => {
      if (arrives) await setAside(key, body)
      throw refusal('TimeoutError', 500)
    }
    expect(await runsWith(world, (_at, key) => lake.read(key), 1)).toEqual(['drained'])
    expect(linesInLake(world)).toHaveLength(29)
    expect(world.logged.find(line => line.includes('was not kept'))).toContain('TimeoutError')
  })

  it.each([
    [WALK_KEPT_MS, 4, 'continued'],
    [WALK_KEPT_MS / 2, 3, 'drained'],
    [0, 1, 'drained'],
  ])(
    'is kept at intervals, and at its end if more is known by then (%i ms an object: %i times)',
    async (ms, times, end) => {
      const world = await resetWorld()
      const { lake } = world.ports
      const { setAside } = lake
      let kept = 0
      lake.setAside = (key, body) => {
        kept++
        return setAside(key, body)
      }
      const slow = (_: number, key: string) => {
        world.clock.advance(ms)
        return lake.read(key)
      }
      expect(await runsWith(world, slow, 1)).toEqual([end])
      expect(kept).toBe(times)
    },
  )

  it('leaves the run its reserve, and is gone on with by the next run', async () => {
    const world = await resetWorld()
    const { lake } = world.ports
    const keys: string[] = []
    const slow = (_: number, key: string) => {
      keys.push(key)
      world.clock.advance(5000)
      return lake.read(key)
    }
    expect(await world.run(reading(world, slow), (RESERVE_MS + 10_000) / 1000)).toMatchObject({
      outcome: 'continued',
    })
    expect(keys).toHaveLength(2)
    expect(await runsWith(world, slow, 1)).toEqual(['drained'])
    expect(new Set(keys).size).toBe(keys.length)
    expect(linesInLake(world)).toHaveLength(29)
  })

  it.each(['before', 'after'] as const)('survives a death %s each of its effects', async phase => {
    const slowWorld = async () => {
      const world = await resetWorld()
      const { read } = world.ports.lake
      world.ports.lake.read = key => {
        world.clock.advance(WALK_MS / 3)
        return read(key)
      }
      return world
    }
    const { effects } = await (await slowWorld()).runUntilKilled()
    expect(effects).toContain('lake.setAside')
    for (const at of effects.keys()) {
      const world = await slowWorld()
      for (let death = 0; death < 2; death++) {
        await world.runUntilKilled({ at, phase })
        world.expireLease()
      }
      for (let run = 0; run < 4; run++) await world.run()
      expect(linesInLake(world), `killed ${phase} ${effects[at]}`).toHaveLength(29)
      expect(world.taskNow().overlap).toBeUndefined()
      expect(world.bus.health.map(({ eventName }) => eventName)).not.toContain('OverlapUnknownWarning')
    }
  })

  it('gives up after three runs and an hour in which it gets no further, and not before', async () => {
    const world = await resetWorld()
    const { lake } = world.ports
    lake.setAside = () => Promise.reject(refusal('AccessDenied', 403))
    const slow = (_: number, key: string) => {
      world.clock.advance(WALK_MS)
      return lake.read(key)
    }
    const firstMs = world.clock.now()
    const outcomes: string[] = []
    for (const atMs of [0, 1, 2, WALK_STUCK_MS - 1, WALK_STUCK_MS]) {
      world.clock.advance(Math.max(0, firstMs + atMs - world.clock.now()))
      outcomes.push((await world.run(reading(world, slow))).outcome)
    }
    expect(outcomes).toEqual(['failed', 'failed', 'failed', 'failed', 'drained'])
    expect(world.bus.health.map(({ eventName }) => eventName)).toContain('OverlapUnknownWarning')
    expect(new Set(linesInLake(world)).size).toBe(29)
  })

  it('forgets the runs that got no further when one does', async () => {
    const world = await resetWorld()
    const { lake } = world.ports
    const { setAside } = lake
    const slow = (_: number, key: string) => {
      world.clock.advance(WALK_MS)
      return lake.read(key)
    }
    lake.setAside = () => Promise.reject(refusal('AccessDenied', 403))
    expect(await runsWith(world, slow, 2)).toEqual(['failed', 'failed'])
    expect(world.taskNow().overlap).toMatchObject({ tries: 2 })
    lake.setAside = setAside
    expect(await runsWith(world, slow, 1)).toEqual(['continued'])
    expect(world.taskNow().overlap).not.toHaveProperty('tries')
    expect(world.taskNow().overlap).not.toHaveProperty('triedMs')
  })

  it('that has ended is not made again while the chain catches up', async () => {
    const world = await resetWorld()
    const { read } = world.ports.lake
    let reads = 0
    const counted = (_: number, key: string) => {
      reads++
      return read(key)
    }
    world.eventsApi.answering = () => void world.clock.advance(60_000)
    expect(await runsWith(world, counted, 1)).toEqual(['continued'])
    expect(reads).toBe(5)
    world.eventsApi.answering = () => undefined
    expect(await runsWith(world, counted, 1)).toEqual(['drained'])
    expect(reads).toBe(5)
    expect(linesInLake(world)).toHaveLength(29)
  })
})
