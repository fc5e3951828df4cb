import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RetryAnswer } from '../../../shared/contract/retry.ts'
import { isOpen } from '../../../shared/domain/task/episode.ts'
import { type CollectWorld, eventsFrom, ledgerLines, toUuids } from '../../support/collect-world.ts'
import { examples } from '../../support/examples.ts'
import { executionOf } from '../../support/execution.ts'
import { down, failingWorld, renew, well } from '../../support/failing-world.ts'
import { failed } from '../../support/fakes/events-api.ts'
import { type Straggler, stragglerOf } from '../../support/straggler.ts'

const TIMED_OUT = { Error: 'States.Timeout', Cause: '' }
const MIDNIGHT_MS = Date.parse('2026-03-02T00:00:00Z')
const MINUTE_MS = 60_000

const ANSWERS: Record<string, (world: CollectWorld) => void> = {
  well,
  '503': world => down(world),
  '429': world => down(world, failed(429, '900')),
  'a page, then 503': world => {
    world.eventsApi.answering = ({ body }) => (body?.includes('cursor') ? failed(503) : undefined)
  },
}

const move = fc.record({
  what: fc.constantFrom('ends', 'is asked twice', 'is killed', 'never begins', 'straggles'),
  answers: fc.constantFrom(...Object.keys(ANSWERS)),
  at: fc.nat(30),
  phase: fc.constantFrom('before' as const, 'after' as const),
  fresh: fc.nat(6),
})

/** Runs that were taken for dead and may write to the lake at any time yet. */
interface Straggling {
  readonly straggler: Straggler
  readonly ended: Promise<unknown>
}

type Execution = ReturnType<typeof executionOf>
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never

async function straggle(world: CollectWorld, execution: Execution): Promise<Straggling> {
  const straggler = stragglerOf(world)
  const ended = execution.ask('collect', straggler.ports)
  await Promise.race([straggler.reached, ended])
  return { straggler, ended }
}

async function release(straggling: Straggling[]): Promise<void> {
  for (const { straggler, ended } of straggling.splice(0)) {
    straggler.release()
    await ended
  }
}

/** A run as it goes, and what the machine is told then. */
async function goThrough(
  world: CollectWorld,
  execution: Execution,
  { what, at, phase }: Move,
  answer: RetryAnswer,
) {
  if (what === 'ends') return { next: await execution.ask('collect') }
  if (what === 'is asked twice') {
    await execution.ask('collect')
    return { next: await execution.ask('collect') }
  }
  if (what === 'is killed') await execution.askUntilKilled('collect', { at, phase })
  const straggling = what === 'straggles' ? await straggle(world, execution) : undefined
  if (what !== 'never begins') world.clock.advance((answer.timeoutSeconds ?? 0) * 1000)
  return { next: await execution.ask('died', world.ports, TIMED_OUT), straggling }
}

const at429 = { answers: '429', at: 0, phase: 'before' as const, fresh: 0 }

/** The run before the last one records its failure while nobody waits for it, so the state machine learns it late. */
const LEARNED_LATE: Move[] = [
  ...Array.from({ length: 4 }, () => ({ ...at429, what: 'ends' as const })),
  { ...at429, what: 'is killed' },
  { ...at429, what: 'straggles', answers: 'well' },
  { ...at429, what: 'is killed' },
  { ...at429, what: 'straggles' },
  { ...at429, what: 'is killed' },
]

describe('an episode with any failures, deaths, lost responses, late runs and midnights', () => {
  it('ends at most two minutes after its deadline, and leaves every event once after the next success', async () => {
    const start = fc.integer({ min: 9 * 60, max: 12 * 60 })
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 40 }), start, async (moves, laterMinutes) => {
        const world = await failingWorld(undefined, laterMinutes * MINUTE_MS)
        const execution = executionOf(world)
        const { deadlineMs = 0 } = world.taskNow().episode ?? {}
        const straggling: Straggling[] = []
        let total = 25
        let answer = await execution.ask('claim')
        for (const each of moves) {
          if (answer.outcome !== 'retry') break
          execution.wait(answer)
          ANSWERS[each.answers]?.(world)
          world.eventsApi.events.push(...eventsFrom(total, each.fresh, MIDNIGHT_MS + total * MINUTE_MS))
          total += each.fresh
          const { next, straggling: fresh } = await goThrough(world, execution, each, answer)
          await release(straggling)
          if (fresh) straggling.push(fresh)
          answer = next
          expect(Date.parse(answer.nextRetry ?? '1970')).toBeLessThanOrEqual(deadlineMs)
        }
        if (answer.outcome === 'retry') down(world)
        const { outcome } = await execution.finish(answer)
        expect(world.clock.now()).toBeLessThan(deadlineMs + 120_000)
        expect(isOpen(world.taskNow().episode)).toBe(false)
        expect(outcome).toBe(world.taskNow().halted ? 'quit' : 'recovered')
        if (outcome === 'quit') await renew(world)
        well(world)
        await world.run()
        await release(straggling)
        // A run that may live keeps its lease, and nobody outlives it.
        world.expireLease()
        await world.run()
        expect(toUuids(ledgerLines(world))).toEqual(Array.from({ length: total }, (_, i) => `E${i}`))
        expect(world.taskNow()).toMatchObject({ state: 'Collecting', events: total })
        expect(world.ports.healthEvents.open()).toEqual([])
      }),
      { numRuns: examples(200), examples: [[LEARNED_LATE, 9 * 60]] },
    )
  })
})
