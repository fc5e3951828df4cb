import { describe, expect, it } from 'vitest'
import { FAULT_NAMES, type Fault } from './faults.ts'
import { type Outcome, simulate } from './simulation.ts'
import type { WorldOptions } from './world.ts'

type Options = Partial<Omit<WorldOptions, 'seed'>>

/** Simulates the seeds 1 to `count`. */
async function outcomesOf(count: number, options: Options): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (let seed = 1; seed <= count; seed++) {
    outcomes.push(await simulate({ days: 1, faults: FAULT_NAMES, ...options, seed: String(seed) }))
  }
  return outcomes
}

/** Lists the broken invariants, each with its seed. */
const breachesOf = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap(({ seed, breach }) => (breach ? [{ seed, ...breach }] : []))

const sumOf = (outcomes: readonly Outcome[], of: (outcome: Outcome) => number): number =>
  outcomes.reduce((sum, outcome) => sum + of(outcome), 0)

/**
 * Returns the options that show one fault. Faults of executions need outages, because there is no execution without
 * one. Faults of a destination need one.
 */
function alone(fault: Fault): Options {
  if (/^(?:executions|invocations)-/.test(fault))
    return { faults: [fault, 'api-outages', 'api-errors'], rates: { [fault]: 0.3 } }
  return { faults: /^(?:destination-|lake-)/.test(fault) ? [fault, 'destinations'] : [fault] }
}

describe('a world in which things go wrong', () => {
  it('loses nothing, doubles nothing and keeps every promise', async () => {
    const outcomes = await outcomesOf(12, {})
    expect(breachesOf(outcomes)).toEqual([])
    const generated = sumOf(outcomes, ({ tally }) => tally.generated)
    expect(generated).toBeGreaterThan(10_000)
    expect(sumOf(outcomes, ({ tally }) => tally.delivered)).toBe(generated)
  }, 60_000)

  it('does so when everything goes wrong all the time', async () => {
    expect(breachesOf(await outcomesOf(2, { steady: true }))).toEqual([])
  })

  it.each(FAULT_NAMES)('does so with %s alone, or with what it needs', async fault => {
    const outcomes = await outcomesOf(2, { ...alone(fault), steady: true })
    expect(breachesOf(outcomes)).toEqual([])
    expect(sumOf(outcomes, ({ injected }) => injected.get(fault) ?? 0)).toBeGreaterThan(0)
  })

  it('retries outages, and gives those up that last too long', async () => {
    const outcomes = await outcomesOf(4, { faults: ['api-outages'], steady: true, days: 2 })
    expect(breachesOf(outcomes)).toEqual([])
    expect(sumOf(outcomes, ({ counts }) => counts.recovered)).toBeGreaterThan(0)
    expect(sumOf(outcomes, ({ counts }) => counts.quit)).toBeGreaterThan(0)
  })

  it('opens an episode for a run that dies without a word', async () => {
    const outcomes = await outcomesOf(1, { faults: ['kills'], steady: true, rates: { kills: 0.3 } })
    expect(sumOf(outcomes, ({ counts }) => counts.opened)).toBeGreaterThan(0)
  })

  it('is the same for the same seed, and another for another', async () => {
    const first = await outcomesOf(2, {})
    const again = await outcomesOf(2, {})
    expect(again.map(({ hash }) => hash)).toEqual(first.map(({ hash }) => hash))
    expect(new Set(first.map(({ hash }) => hash)).size).toBe(2)
  })
})

describe('a healthy world', () => {
  it('makes no more calls than the cost model reckons with', async () => {
    const [world] = await outcomesOf(1, { faults: [] })
    if (!world) throw new Error('there is no outcome')
    const { calls, counts } = world
    const of = (name: string): number => calls.get(name) ?? 0
    const objects = of('lake.create')
    // Beside the steps of the first run, which each task has once.
    expect(of('tasks.lease')).toBe(counts.runs)
    expect(of('tasks.save')).toBeLessThan(counts.runs + objects + 3 * 5)
    expect(of('registry.registered')).toBeLessThan(counts.runs + 20)
    expect(counts.requests).toBeLessThan(counts.runs + 2 * objects + 3 * 2)
    expect(of('tasks.read') + of('tasks.takeOver') + of('lake.read') + of('bus.put EpisodeOpened')).toBe(0)
    expect(of('bus.put CollectionDue')).toBeLessThan(of('tasks.scan') + 5)
  })
})
