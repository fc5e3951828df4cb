import { describe, expect, it } from 'vitest'
import { EPISODE_MINUTES } from '../../../shared/contract/timing.ts'
import { collectWorld, eventsFrom } from '../../support/collect-world.ts'
import { failed } from '../../support/fakes/events-api.ts'

const iso = (epochMs: number): string => new Date(epochMs).toISOString()

describe('the report of a run', () => {
  it('says what it has delivered, from when to when, and how far behind the task is', async () => {
    const world = collectWorld({ events: eventsFrom(0, 12) })
    world.eventsApi.answering = () => void world.clock.advance(100)
    expect(await world.run()).toStrictEqual({
      ...{ collectorId: 100000001, sourceId: 100000002, api: 'sign-in', sourceName: '1Pass' },
      ...{ outcome: 'drained', pages: 2, events: 12, lateEvents: 0 },
      firstTimestamp: '2026-02-28T00:00:00.000Z',
      lastTimestamp: '2026-02-28T00:11:00.000Z',
      lagSeconds: expect.any(Number),
      cursor: world.taskNow().cursor,
      durationMs: 300,
    })
  })

  it('says of a failure what it was, and when the task is collected again', async () => {
    const world = collectWorld()
    const { eventsApi, run, taskNow } = world
    eventsApi.answering = () => failed(503)
    const report = await run()
    const { startedMs = 0, nextRetryMs = 0 } = taskNow().episode ?? {}
    expect(report).toMatchObject({ outcome: 'failed', error: { type: 'ThirdPartyGeneric', code: 503 } })
    expect(report.retry).toStrictEqual({
      attempts: 1,
      deadline: iso(startedMs + EPISODE_MINUTES * 60_000),
      nextRetry: iso(nextRetryMs),
    })
    expect(report).not.toHaveProperty('cursor')
    expect(report).not.toHaveProperty('lagSeconds')
  })

  it('says of the last failure that the task is given up', async () => {
    const world = collectWorld()
    world.eventsApi.answering = () => failed(503)
    await world.run()
    const { deadlineMs = 0 } = world.taskNow().episode ?? {}
    world.clock.advance(deadlineMs - world.clock.now())
    const { retry } = await world.run()
    expect(retry).toStrictEqual({ attempts: 2, deadline: iso(deadlineMs), quit: true })
  })

  it('says how long a run took that could not lease its task', async () => {
    const { run, ports, clock } = collectWorld({ task: { halted: true } })
    const { apply } = ports.tasks
    ports.tasks.apply = async (...args) => {
      clock.advance(70)
      return apply(...args)
    }
    expect(await run()).toStrictEqual({
      ...{ collectorId: 100000001, sourceId: 100000002, api: 'sign-in' },
      ...{ outcome: 'busy', pages: 0, events: 0, lateEvents: 0, durationMs: 70 },
    })
  })
})
