import { describe, expect, it } from 'vitest'
import { MAX_WALKED_EVENTS, MAX_WALKED_OBJECTS } from '../../../shared/contract/limits.ts'
import { COLLECT_TIMEOUT_SECONDS, WALK_MS } from '../../../shared/contract/timing.ts'
import { resetChain } from '../../../shared/domain/stream/reset.ts'
import { saveTask } from '../../../shared/domain/task/life.ts'
import { collectWorld, DUE, eventsFrom } from '../../support/collect-world.ts'
import { linesInLake, openNow, refusal, resetWorld, runsWith, thirdKey } from '../../support/reset-world.ts'

const WARNING = 'OverlapUnknownWarning/sign-in'

describe('the walk along the ledger after a reset', () => {
  it('is silent and drops all that was delivered, when it comes to its end', async () => {
    const world = await resetWorld()
    expect(await runsWith(world, (_, key) => world.ports.lake.read(key), 1)).toEqual(['drained'])
    expect(linesInLake(world)).toHaveLength(29)
    expect(world.bus.health).toEqual([])
  })

  it.each([
    ['in an archive', 'InvalidObjectState', 403],
    ['with a retired key', 'KMS.DisabledException', 400],
    ['that a policy denies', 'AccessDenied', 403],
  ])('stops for no object %s: the third run goes on, loses nothing and says so', async (_, name, status) => {
    const world = await resetWorld()
    const { read } = world.ports.lake
    const bad = thirdKey(world)
    const reads = (_at: number, key: string) =>
      key === bad ? Promise.reject(refusal(name, status)) : read(key)
    expect(await runsWith(world, reads, 2)).toEqual(['failed', 'failed'])
    expect(world.taskNow().error).toMatchObject({ type: 'FirstPartyGeneric' })
    expect(world.taskNow().error?.info).toContain(
      'see its storage class, its KMS key and the policy of the bucket',
    )
    expect(linesInLake(world)).toHaveLength(25)
    expect(await runsWith(world, reads, 1)).toEqual(['drained'])
    expect(new Set(linesInLake(world)).size).toBe(29)
    expect(linesInLake(world)).toHaveLength(29 + 15)
    const told = world.bus.health.find(({ eventName }) => eventName === 'OverlapUnknownWarning')
    expect(told?.details.description).toContain('No event is missing')
    expect(openNow(world)).toEqual([])
    expect(world.taskNow().overlap).toBeUndefined()
  })

  it('does not give up for trouble of AWS that passes', async () => {
    const world = await resetWorld()
    const { read } = world.ports.lake
    const down = () => Promise.reject(refusal('SlowDown', 503))
    expect(await runsWith(world, down, 5)).toEqual(Array.from({ length: 5 }, () => 'failed'))
    expect(await runsWith(world, (_, key) => read(key), 1)).toEqual(['drained'])
    expect(linesInLake(world)).toHaveLength(29)
  })

  it('goes on at once, and says so, where an object has expired', async () => {
    const world = await resetWorld()
    const { read } = world.ports.lake
    const bad = thirdKey(world)
    const reads = (_: number, key: string) => (key === bad ? Promise.resolve(undefined) : read(key))
    expect(await runsWith(world, reads, 1)).toEqual(['drained'])
    expect(world.bus.health.map(({ eventName }) => eventName)).toContain('OverlapUnknownWarning')
  })

  it.each([
    [WALK_MS / 4 - 1, ['drained']],
    [WALK_MS / 4, ['continued', 'drained']],
    [WALK_MS, ['continued', 'continued', 'continued', 'continued', 'drained']],
  ])('has a minute: objects that take %i ms each end in %j', async (ms, outcomes) => {
    const world = await resetWorld()
    const { read } = world.ports.lake
    const keys: string[] = []
    const slow = (_: number, key: string) => {
      keys.push(key)
      world.clock.advance(ms)
      return read(key)
    }
    expect(await runsWith(world, slow, outcomes.length)).toEqual(outcomes)
    expect(linesInLake(world)).toHaveLength(29)
    expect(new Set(keys).size).toBe(keys.length)
    expect(world.bus.health).toEqual([])
  })

  it('does not try again in a later run what it has given up', async () => {
    const world = await resetWorld()
    const { read } = world.ports.lake
    const bad = thirdKey(world)
    const reads: string[] = []
    const slow = (_: number, key: string) => {
      reads.push(key)
      if (key === bad) return Promise.reject(refusal('InvalidObjectState', 403))
      return read(key)
    }
    await runsWith(world, slow, 2)
    world.eventsApi.answering = () => void world.clock.advance(60_000)
    expect(await runsWith(world, slow, 1)).toEqual(['continued'])
    expect(openNow(world)).toEqual([WARNING])
    reads.length = 0
    world.eventsApi.answering = () => undefined
    expect(await runsWith(world, slow, 1)).toEqual(['drained'])
    expect(reads).toEqual([])
    expect(world.bus.health.filter(({ eventName }) => eventName === 'OverlapUnknownWarning')).toHaveLength(1)
  })

  it.each([
    ['objects', MAX_WALKED_OBJECTS, 1],
    ['events', MAX_WALKED_EVENTS, 1000],
  ])('is bounded by the number of %s', async (_, most, perObject) => {
    const world = await resetWorld()
    let objects = 0
    const record = {
      ...[...world.ports.lake.objects.values()][0]?.record,
      previousKey: 'events/older',
      newest: undefined,
    }
    const endless = async (at: number) => {
      objects++
      return {
        record: record as never,
        lines: Array.from({ length: perObject }, (_, i) => `{"uuid":"${at}-${i}"}`),
      }
    }
    expect(await runsWith(world, endless, 1)).toEqual(['drained'])
    expect(objects).toBe(most / perObject)
    expect(world.bus.health.map(({ eventName }) => eventName)).toContain('OverlapUnknownWarning')
  })

  it('knows events without a uuid by their text', async () => {
    const nameless = (n: number, members = '') => {
      const timestamp = new Date(Date.parse('2026-02-28T10:00:00Z') + n * 60_000).toISOString()
      return { timestamp, json: `{"timestamp":"${timestamp}",${members}"n":${n}}` }
    }
    const world = collectWorld({ events: [0, 1, 2, 3].map(n => nameless(n)), pageSize: 3 })
    await world.run()
    const task = world.taskNow()
    await world.ports.tasks.apply(DUE, saveTask(task.fence, resetChain(task, world.clock.now())))
    world.eventsApi.events.push(nameless(4), nameless(4, '"x":0,'))
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 2 })
    const lines = [...world.ports.lake.objects.values()].flatMap(({ lines }) => lines)
    expect(lines.map(line => JSON.parse(line).n)).toEqual([0, 1, 2, 3, 4, 4])
  })

  it('passes over a line that is no event', async () => {
    const world = await resetWorld()
    const { read } = world.ports.lake
    const damaged = async (at: number, key: string) => {
      const object = await read(key)
      return object && { ...object, lines: at === 0 ? ['{', ...object.lines] : object.lines }
    }
    expect(await runsWith(world, damaged, 1)).toEqual(['drained'])
    expect(linesInLake(world)).toHaveLength(29)
  })

  it('leaves time to collect in the shortest run', () => {
    expect(WALK_MS).toBeLessThan((COLLECT_TIMEOUT_SECONDS * 1000) / 2)
  })
})

describe('an object whose next cursor is lost', () => {
  it('is adopted, and the events behind it are read from before the last one, without doubles', async () => {
    const world = collectWorld({ events: eventsFrom(0, 25), pageSize: 5 })
    const { create, record } = world.ports.lake
    let puts = 0
    world.ports.lake.create = async (...page) => {
      const created = await create(...page)
      if (++puts === 3) throw new Error('socket hang up')
      return created
    }
    expect((await world.run()).outcome).toBe('failed')
    world.ports.lake.record = async key => {
      const found = await record(key)
      return found && { ...found, nextCursor: '' }
    }
    expect((await world.run()).outcome).toBe('drained')
    expect(linesInLake(world)).toEqual(Array.from({ length: 25 }, (_, i) => `E${i}`))
    expect(world.taskNow()).toMatchObject({ chain: 2, events: 25 })
  })
})
