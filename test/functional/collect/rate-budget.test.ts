import { expect, it } from 'vitest'
import { rateShare } from '../../../shared/domain/stream/rate-budget.ts'
import { collectWorld } from '../../support/collect-world.ts'
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
