import { describe, expect, it } from 'vitest'
import {
  AWS_CALL,
  CONFLICT_MS,
  DELIVERY_MS,
  REQUEST_TIMEOUT_MS,
  RESERVE_AHEAD_MS,
  RESERVE_MS,
  WRITE_MS,
} from '../../../shared/contract/timing.ts'
import { AWS_CLIENT } from '../../../shared/runtime/common-ports.ts'
import { type CollectWorld, collectWorld, eventsFrom } from '../../support/collect-world.ts'
import { failed } from '../../support/fakes/events-api.ts'

const prepared = { introspected: 1, version: 1 } as const

const world = (events: number): CollectWorld =>
  collectWorld({ events: eventsFrom(0, events), task: prepared })

/** Each request, put and commit takes as long as its time-outs let it. */
function slowestPorts({ ports, clock }: CollectWorld) {
  const { eventsApi, lake, tasks } = ports
  return {
    ...ports,
    eventsApi: {
      send: async (...call: Parameters<typeof eventsApi.send>) => {
        clock.advance(REQUEST_TIMEOUT_MS)
        return eventsApi.send(...call)
      },
    },
    lake: {
      ...lake,
      create: async (...page: Parameters<typeof lake.create>) => {
        clock.advance(WRITE_MS + CONFLICT_MS)
        return lake.create(...page)
      },
    },
    tasks: {
      ...tasks,
      apply: async (...[key, transition]: Parameters<typeof tasks.apply>) => {
        if (transition.name === 'save') clock.advance(WRITE_MS)
        return tasks.apply(key, transition)
      },
    },
  }
}

describe('the time that a run keeps for the end', () => {
  it('follows from the time-outs of what it must hold', () => {
    expect(AWS_CLIENT.maxAttempts).toBe(AWS_CALL.attempts)
    expect(AWS_CLIENT.requestHandler.requestTimeout).toBe(AWS_CALL.timeoutMs)
    expect(WRITE_MS).toBeGreaterThan(AWS_CALL.attempts * AWS_CALL.timeoutMs)
    expect(DELIVERY_MS).toBe(2 * WRITE_MS + CONFLICT_MS)
    expect(RESERVE_MS).toBe(REQUEST_TIMEOUT_MS + DELIVERY_MS + WRITE_MS)
    expect(RESERVE_AHEAD_MS).toBe(2 * DELIVERY_MS + WRITE_MS)
  })

  it.each([
    [-1, 0],
    [0, 0],
    [1, 1],
  ])('lets a run that has %i ms more than it make %i requests', async (moreMs, requests) => {
    const { run, ports, eventsApi } = world(5)
    await run(ports, (RESERVE_MS + moreMs) / 1000)
    expect(eventsApi.calls).toHaveLength(requests)
  })

  it.each([
    [0, 1],
    [1, 2],
  ])('lets a run that has %i ms more than it fetch a page ahead: %i requests', async (moreMs, requests) => {
    const { run, ports, eventsApi, clock } = world(15)
    eventsApi.answering = () => {
      if (eventsApi.calls.length > 1) clock.advance(1000)
      return undefined
    }
    const { create } = ports.lake
    ports.lake.create = async (...page) => {
      clock.advance(RESERVE_AHEAD_MS - RESERVE_MS)
      return create(...page)
    }
    await run(ports, (RESERVE_AHEAD_MS + moreMs) / 1000)
    expect(eventsApi.calls).toHaveLength(requests)
  })

  it.each([RESERVE_MS + 1, RESERVE_AHEAD_MS + 1, 150_000, 240_000])(
    'is enough for a run of %i ms in which everything takes as long as it can',
    async ms => {
      const slow = world(500)
      const startedMs = slow.clock.now()
      await slow.run(slowestPorts(slow), ms / 1000)
      expect(slow.clock.now()).toBeLessThanOrEqual(startedMs + ms)
      expect(slow.taskNow().leaseOwner).toBeUndefined()
      expect(slow.taskNow().pages).toBeGreaterThan(0)
    },
  )

  it.each([
    [0, 2],
    [1, 1],
  ])(
    'is not touched by another attempt at a request: %i ms too few are %i attempts',
    async (tooFewMs, attempts) => {
      const { run, ports, eventsApi } = world(5)
      eventsApi.answering = () => failed(503)
      await run(ports, (RESERVE_MS + 1000 - tooFewMs) / 1000)
      expect(eventsApi.calls).toHaveLength(attempts)
    },
  )
})
