import { expect, it } from 'vitest'
import { RESERVE_MS } from '../../../shared/contract/timing.ts'
import { rateShare } from '../../../shared/domain/stream/rate-budget.ts'
import { type CollectWorld, collectWorld, eventsFrom } from '../../support/collect-world.ts'
import { answered } from '../../support/fakes/events-api.ts'

it('counts every request, also one that is sent while the page before it is being committed', async () => {
  const world = collectWorld()
  let pages = 0
  world.eventsApi.answering = ({ method }) =>
    method === 'GET'
      ? undefined
      : answered(
          JSON.stringify({ cursor: `c${++pages}`, has_more: pages < 30, items: [{ uuid: `E${pages}` }] }),
        )
  const startMs = world.clock.now()
  await world.run()
  const { intervalMs } = rateShare(3)
  expect(world.eventsApi.calls).toHaveLength(31)
  expect(world.taskNow().rateMs).toBe(startMs + 31 * intervalMs)
})

/** A task whose rate budget is used up: its next request may go after `waitMs`. */
function exhausted(waitMs: number): CollectWorld {
  const task = { introspected: 1, version: 1 } as const
  const world = collectWorld({ events: eventsFrom(0, 5), task })
  const rateMs = world.clock.now() + rateShare(3).burstMs + waitMs
  return collectWorld({ events: eventsFrom(0, 5), task: { ...task, rateMs } })
}

it('goes on with what the run before has left of the budget', async () => {
  const { run, clock, taskNow } = exhausted(500)
  const startMs = clock.now()
  await run()
  expect(clock.slept).toEqual([500])
  const { intervalMs, burstMs } = rateShare(3)
  expect(taskNow().rateMs).toBe(startMs + burstMs + 500 + intervalMs)
})

it.each([
  [0, 0],
  [1, 1],
])(
  'needs time for the wait, too: a run with %i ms more than that makes %i requests',
  async (moreMs, requests) => {
    const { run, ports, eventsApi } = exhausted(500)
    await run(ports, (RESERVE_MS + 500 + moreMs) / 1000)
    expect(eventsApi.calls).toHaveLength(requests)
  },
)
