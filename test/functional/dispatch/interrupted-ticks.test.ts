import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TICK_HANDED_OVER } from '../../../shared/contract/log-messages.ts'
import { TICK_HANDOVER_MS, TICK_LEASE_MS } from '../../../shared/contract/timing.ts'
import { examples } from '../../support/examples.ts'
import { inPages, type LargeTable, sorted, T, TICK_MS } from './large-table.ts'

/** A bus on which each call with tasks takes so long. */
function createSlowBus({ clock, ports: { bus } }: LargeTable, ms: number): LargeTable['ports']['bus'] {
  return {
    ...bus,
    async publishDue(due) {
      if (due.length > 0) clock.advance(ms)
      await bus.publishDue(due)
    },
  }
}

/** Kills a tick when it has published the first of the two pages of a segment. */
async function dieInSegment(table: LargeTable): Promise<void> {
  const effects = await inPages().tick(T)
  const at = effects.findIndex((effect, i) => effect === 'tasks.scan' && effects[i - 1] === 'tasks.scan')
  await table.tick(T, { kill: { at: at + 1, phase: 'after' } })
  expect(table.dispatched()).toHaveLength(2)
}

describe('a segment in which an invocation died', () => {
  it.each([
    ['is left to the dead one just before the end of its lease', -1, 0],
    ['is continued by the same tick at the end of the lease', 0, 1],
  ])('%s', async (_name, ms, ends) => {
    const table = inPages()
    await dieInSegment(table)
    table.clock.advance(TICK_LEASE_MS + ms)
    await table.tick(T)
    expect(table.ended).toHaveLength(ends)
  })

  it('is continued by the next tick at once, behind the page at which it died', async () => {
    const table = inPages()
    await dieInSegment(table)
    await table.tick(T + TICK_MS)
    expect(sorted(table.dispatched())).toEqual(table.all)
    expect(table.ended).toHaveLength(1)
  })
})

describe('ticks that always die early', () => {
  // A segment has up to three pages, and there are 16 of them.
  it('come to every task within 48 ticks, wherever they die', async () => {
    const lives = fc.array(fc.integer({ min: 8, max: 16 }), { minLength: 48, maxLength: 48 })
    const isEveryTaskServed = async (deaths: readonly number[]): Promise<void> => {
      const { tick, dispatched, all } = inPages()
      const served = new Set<string>()
      for (const [i, at] of deaths.entries()) {
        await tick(T + i * TICK_MS, { kill: { at, phase: 'after' } })
        for (const id of dispatched()) served.add(id)
      }
      expect([...served].toSorted()).toEqual(all)
    }
    await fc.assert(fc.asyncProperty(lives, isEveryTaskServed), { numRuns: examples(30) })
  })
})

describe('a tick that takes too long', () => {
  it('goes on just below its time', async () => {
    const table = inPages()
    await table.tick(T, { using: { bus: createSlowBus(table, (TICK_HANDOVER_MS - 1) / 24) } })
    expect(table.handedOver()).toEqual([])
    expect(table.ended).toHaveLength(1)
  })

  it('gives each segment that is left to an invocation of its own', async () => {
    const table = inPages()
    await table.tick(T, { using: { bus: createSlowBus(table, TICK_HANDOVER_MS / 3) } })
    expect(table.ended).toEqual([])
    const events = table.handedOver()
    expect(events.length).toBeGreaterThan(10)
    expect(table.notes).toMatchObject([{ message: TICK_HANDED_OVER, segmentsLeft: events.length }])
    await Promise.all(events.map(event => table.goOn(event)))
    expect(sorted(table.dispatched())).toEqual(table.all)
    expect(table.ended).toMatchObject([{ tasks: 36, due: 36 }])
    expect(table.handedOver()).toEqual([])
  })

  it('is handed on page by page if even a segment takes too long, and each event makes one further event', async () => {
    const table = inPages()
    const using = { bus: createSlowBus(table, TICK_HANDOVER_MS) }
    await table.tick(T, { using })
    const rounds: number[] = []
    for (let events = table.handedOver(); events.length > 0; events = table.handedOver()) {
      rounds.push(events.length)
      for (const event of events) await table.goOn(event, using)
    }
    expect(Math.max(...rounds)).toBe(rounds[0])
    expect(rounds.length).toBeLessThan(6)
    expect(sorted(table.dispatched())).toEqual(table.all)
    expect(table.ended).toHaveLength(1)
  })

  it('publishes nothing twice if the events of its segments come twice, at once or later', async () => {
    const table = inPages()
    await table.tick(T, { using: { bus: createSlowBus(table, TICK_HANDOVER_MS) } })
    const events = table.handedOver()
    for (const event of events) await Promise.all([table.goOn(event), table.goOn(event)])
    for (const event of events) await table.goOn(event)
    expect(new Set(table.dispatched())).toEqual(new Set(table.all))
    expect(table.ended).toMatchObject([{ tasks: 36, due: 36 }])
  })

  it('leaves to the next tick what lost events named, and that begins with it', async () => {
    const table = inPages()
    await table.tick(T, { using: { bus: createSlowBus(table, TICK_HANDOVER_MS / 3) } })
    const left = table.handedOver()
    const before = table.dispatched()
    await table.tick(T + TICK_MS)
    const after = table.dispatched()
    expect(sorted(after)).toEqual(table.all)
    expect(after.slice(0, 6).every(id => !before.includes(id))).toBe(true)
    for (const event of left) await table.goOn(event)
    expect(table.dispatched()).toEqual([])
    expect(table.ended).toHaveLength(1)
  })
})
