import { describe, expect, it } from 'vitest'
import { dispatch } from '../../../functions/dispatch/dispatch.ts'
import { TICK_OVERTAKEN, TICK_RESUMED, TICK_UNFINISHED } from '../../../shared/contract/log-messages.ts'
import { TICK_LEASE_MS } from '../../../shared/contract/timing.ts'
import type { TaskStore } from '../../../shared/ports.ts'
import { fakeTasks } from '../../support/fakes/tasks.ts'
import type { Kill } from '../../support/killing.ts'
import { createLargeTable, idOf, inPages, sorted, T, TICK_MS } from './large-table.ts'

/** Returns how often each id is there beyond the first time. */
const countDoubles = (ids: readonly string[]): number => ids.length - new Set(ids).size

describe('a tick of a table that is one page', () => {
  it('reads that page, publishes it, and keeps no progress', async () => {
    const { tick, dispatched, all, ended } = createLargeTable({ sources: 4, pageSize: 12 })
    expect(await tick(T)).toEqual(['tasks.scan', 'bus.publishDue'])
    expect(sorted(dispatched())).toEqual(all)
    expect(ended).toMatchObject([{ tasks: 12, due: 12 }])
  })
})

describe('a tick of a table that is one task more than a page', () => {
  const large = () => createLargeTable({ sources: 4, pageSize: 11 })

  it('dispatches every task once, and is not made again by the same event', async () => {
    const { tick, dispatched, all, ended, notes } = large()
    await tick(T)
    expect(sorted(dispatched())).toEqual(all)
    await tick(T)
    expect(dispatched()).toEqual([])
    expect(ended).toHaveLength(1)
    expect(notes).toEqual([])
  })

  it('reports what the tick of one page would report', async () => {
    const { tick, ports, tasks, ended } = large()
    const [first] = [...tasks.items.values()]
    if (first) tasks.items.set(idOf(first), { ...first, leaseOwner: 'run', leaseExpiresMs: 1 })
    const whole = fakeTasks([...tasks.items.values()])
    const expected = await dispatch({ ...ports, tasks: whole }, { tickMs: T })
    await tick(T)
    const [end] = ended
    expect(end?.metrics.lag).toHaveLength(12)
    const { metrics = {}, ...counts } = expected ?? {}
    const durationMs = end?.durationMs
    expect(end).toEqual({ ...counts, durationMs, metrics: { ...metrics, lag: end?.metrics.lag } })
    expect(end?.metrics).toMatchObject({ leaseExpired: 1, overdueWork: 1, tasksCollecting: 12 })
  })
})

describe('a tick in segments', () => {
  it('reads one page ahead of the page that it publishes, and no further', async () => {
    const { tick, ports, tasks } = inPages()
    const order: string[] = []
    const scan: TaskStore['scan'] = async place => {
      if (place?.segment !== undefined) order.push('read')
      return tasks.scan(place)
    }
    const bus = {
      ...ports.bus,
      publishDue: async (due: readonly object[]) => void (due.length > 0 && order.push('publish')),
    }
    await tick(T, { using: { tasks: { ...tasks, scan }, bus } })
    expect(order.join(' ')).toContain('read read publish publish')
    expect(order.join(' ')).not.toMatch(/read publish read/)
  })

  it('dispatches no more than 2,500 tasks a second', async () => {
    const { tick, clock, ended } = createLargeTable({ sources: 800, pageSize: 100 })
    await tick(T)
    expect(ended).toMatchObject([{ tasks: 2400 }])
    const { durationMs = 0 } = ended[0] ?? {}
    expect(durationMs).toBeLessThanOrEqual(2400 / 2.5)
    expect(durationMs).toBeGreaterThan(2400 / 2.5 - 32)
    expect(Math.max(...clock.slept)).toBe(40)
  })

  it('is spread over forty seconds once a tick has counted the tasks', async () => {
    const { tick, clock, ended } = createLargeTable({ sources: 800, pageSize: 100 })
    await tick(T)
    clock.advance(TICK_MS)
    await tick(T + TICK_MS)
    const { durationMs = 0 } = ended[1] ?? {}
    expect(durationMs).toBeLessThanOrEqual(40_000)
    expect(durationMs).toBeGreaterThan(39_000)
  })

  it('dispatches the other pages when the bus refuses the tasks of one', async () => {
    const { tick, ports, all, ended } = inPages()
    const published: string[] = []
    const publishDue: typeof ports.bus.publishDue = async due => {
      if (due.some(each => idOf(each) === '3/sign-in')) throw new Error('refused')
      published.push(...due.map(idOf))
    }
    await expect(tick(T, { using: { bus: { ...ports.bus, publishDue } } })).rejects.toThrow('refused')
    expect(sorted(published)).toEqual(all.filter(id => !['3/sign-in', '3/itemUsage'].includes(id)))
    expect(ended).toMatchObject([{ tasks: 36 }])
  })

  it('dispatches the other segments when one cannot be read, and is not finished', async () => {
    const { tick, tasks, dispatched, all, ended, messages } = inPages()
    const scan: TaskStore['scan'] = async place => {
      const page = await tasks.scan(place)
      if (place?.segment !== undefined && page.tasks.some(({ sourceId }) => sourceId === 3))
        throw new Error('throttled')
      return page
    }
    await expect(tick(T, { using: { tasks: { ...tasks, scan } } })).rejects.toThrow('throttled')
    const lost = all.filter(id => !dispatched().includes(id) && id.startsWith('3/'))
    expect(lost).toHaveLength(3)
    expect(ended).toEqual([])
    await tick(T + TICK_MS)
    expect(messages()).toEqual([TICK_UNFINISHED])
  })

  it('that shares the work with its double publishes nothing twice and ends once', async () => {
    const { tick, dispatched, all, ended } = inPages()
    await Promise.all([tick(T), tick(T)])
    expect(sorted(dispatched())).toEqual(all)
    expect(ended).toMatchObject([{ tasks: 36, due: 36 }])
  })

  it('is overtaken by the next one, which dispatches every task', async () => {
    const { tick, ports, dispatched, all, ended, messages, bus } = inPages()
    let isOvertaken = false
    const publishDue: typeof bus.publishDue = async due => {
      if (due.length > 0 && !isOvertaken) {
        isOvertaken = true
        await tick(T + TICK_MS)
        expect(new Set(dispatched())).toEqual(new Set(all))
      }
      await bus.publishDue(due)
    }
    await tick(T, { using: { bus: { ...ports.bus, publishDue } } })
    expect(dispatched()).toHaveLength(2)
    expect(messages()).toEqual([TICK_UNFINISHED, TICK_OVERTAKEN])
    expect(ended).toHaveLength(1)
  })

  it('whose event comes after the next tick does nothing', async () => {
    const { tick, dispatched, ended, messages } = inPages()
    await tick(T + TICK_MS)
    dispatched()
    await tick(T)
    expect(dispatched()).toEqual([])
    expect(messages()).toEqual([TICK_OVERTAKEN])
    expect(ended).toHaveLength(1)
  })
})

/** Lists the ways in which a tick can die: before and after each of its effects. */
async function listDeaths(): Promise<Kill[]> {
  const effects = await inPages().tick(T)
  return [...effects.keys()].flatMap(at => [
    { at, phase: 'before' } as const,
    { at, phase: 'after' } as const,
  ])
}

describe('a tick that dies at any effect', () => {
  it('is continued by its own event: nothing is published twice but the page at which it died', async () => {
    for (const kill of await listDeaths()) {
      const { tick, clock, dispatched, all, ended, messages } = inPages()
      const effects = await tick(T, { kill })
      const before = dispatched()
      clock.advance(TICK_LEASE_MS)
      await tick(T)
      const name = `${kill.phase} ${kill.at} ${effects[kill.at]}`
      const ids = [...before, ...dispatched()]
      expect(new Set(ids), name).toEqual(new Set(all))
      expect(countDoubles(ids), name).toBeLessThanOrEqual(2)
      expect(messages().every(message => message === TICK_RESUMED)).toBe(true)
      // The end is noted first, so that no two invocations report it.
      const isSilent = kill.phase === 'after' && effects[kill.at] === 'ticks.end'
      expect(ended, name).toHaveLength(isSilent ? 0 : 1)
      expect(ended.every(({ tasks, due }) => tasks === 36 && due === 36)).toBe(true)
    }
  })

  it('is made up for by the next tick, which begins with what was left and says so', async () => {
    for (const kill of await listDeaths()) {
      const { tick, ticks, clock, dispatched, all, ended, notes } = inPages()
      await tick(T, { kill })
      const before = dispatched()
      const left = all.filter(id => !before.includes(id))
      const hadEnded = ticks.ended !== undefined
      const hadBegun = ticks.segments.size > 0
      clock.advance(TICK_MS)
      await tick(T + TICK_MS)
      const after = dispatched()
      expect(sorted(after)).toEqual(all)
      const unfinished = { message: TICK_UNFINISHED, metrics: { ticksUnfinished: 1 } }
      expect(notes).toMatchObject(hadBegun && !hadEnded ? [unfinished] : [])
      expect(ended.at(-1)).toMatchObject({ tasks: 36, due: 36 })
      // A segment that was begun is finished behind those that were not.
      const first = after.slice(0, Math.max(0, left.length - 2))
      expect(first.filter(id => !left.includes(id)).length).toBeLessThanOrEqual(3)
    }
  })
})

describe('a table that becomes one page', () => {
  it('while a tick is unfinished is dispatched like any small one, and later in segments again', async () => {
    const table = inPages()
    await table.tick(T, { kill: { at: 12, phase: 'before' } })
    const kept = [...table.tasks.items]
    for (const [id] of kept.slice(2)) table.tasks.items.delete(id)
    table.dispatched()
    await table.tick(T + TICK_MS)
    expect(table.dispatched()).toHaveLength(2)
    for (const [id, task] of kept) table.tasks.items.set(id, task)
    await table.tick(T + 2 * TICK_MS)
    expect(sorted(table.dispatched())).toEqual(table.all)
    expect(table.messages()).toEqual([TICK_UNFINISHED])
    expect(table.ended.map(({ tasks }) => tasks)).toEqual([2, 36])
  })
})
