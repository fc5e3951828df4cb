import { describe, expect, it } from 'vitest'
import { eventsFrom } from '../../support/collect-world.ts'
import { executionOf } from '../../support/execution.ts'
import { failingWorld, renew, well } from '../../support/failing-world.ts'
import { failed } from '../../support/fakes/events-api.ts'

const MINUTE_MS = 60_000

const toIso = (epochMs: number): string => new Date(epochMs).toISOString()

describe('the deadline of an episode', () => {
  it('makes the run that fails at it give the task up, and the error says so', async () => {
    const world = await failingWorld()
    const { startedMs = 0 } = world.taskNow().episode ?? {}
    const answer = await executionOf(world).finish()
    const { error, episode, halted, state } = world.taskNow()
    const cause = error?.info ?? ''
    expect(answer).toEqual({
      outcome: 'quit',
      attempts: 21,
      deadline: toIso(startedMs + 90 * MINUTE_MS),
      error: 'ThirdPartyGenericError',
      cause,
    })
    expect(cause).toMatch(
      /^503: .* collected 21 times in 90 minutes and is given up: update or restart the source\.$/,
    )
    expect({ halted, state, code: error?.code }).toEqual({ halted: true, state: 'Error', code: 503 })
    const quitAfter = ((episode?.quitMs ?? 0) - startedMs) / MINUTE_MS
    expect(quitAfter).toBeGreaterThanOrEqual(90)
    expect(quitAfter).toBeLessThan(92)
    const events = world.bus.health.map(({ eventName, details }) => `${eventName}: ${details.error}`)
    expect(events).toEqual([
      'ThirdPartyGenericError: Sign-in Attempts: 1Password does not answer as it should',
      'TrackerHealthy: Sign-in Attempts: the error is final',
      'ThirdPartyGenericError: Sign-in Attempts: given up: not collected until the source is updated or restarted',
    ])
    expect(world.ports.healthEvents.open()).toHaveLength(1)
    expect(world.taskNow().health?.untold).toBeUndefined()
  })

  it('leaves a task that was given up without runs until its source is restarted', async () => {
    const world = await failingWorld()
    const execution = executionOf(world)
    await execution.finish()
    well(world)
    const before = world.taskNow()
    for (const step of ['claim', 'collect', 'died'] as const)
      expect(await execution.ask(step)).toMatchObject({ outcome: 'quit', attempts: 21 })
    expect(await executionOf(world, 'late').ask('claim')).toMatchObject({ outcome: 'quit' })
    expect(await world.run()).toMatchObject({ outcome: 'busy' })
    expect(world.taskNow()).toEqual(before)
    await renew(world)
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 25 })
    expect(world.ports.healthEvents.open()).toEqual([])
  })

  it('still allows recovery in the run that begins at it', async () => {
    const world = await failingWorld()
    const { deadlineMs = 0 } = world.taskNow().episode ?? {}
    world.eventsApi.answering = () => (world.clock.now() >= deadlineMs ? undefined : failed(503))
    expect(await executionOf(world).finish()).toEqual({ outcome: 'recovered' })
    expect(world.clock.now()).toBe(deadlineMs)
  })

  it('is awaited after a run that fails just before it, however long the response of that run takes', async () => {
    const world = await failingWorld()
    const { deadlineMs = 0 } = world.taskNow().episode ?? {}
    const execution = executionOf(world)
    await execution.begin()
    world.clock.advance(deadlineMs - 3001 - world.clock.now())
    const read: typeof world.ports.tasks.read = key => {
      world.clock.advance(world.taskNow().episode?.attempts === 2 ? 1000 : 0)
      return world.ports.tasks.read(key)
    }
    const answer = await execution.ask('collect', { ...world.ports, tasks: { ...world.ports.tasks, read } })
    expect(answer).toMatchObject({ outcome: 'retry', attempts: 2, nextRetry: toIso(deadlineMs) })
    expect(world.clock.now()).toBeGreaterThan(deadlineMs)
    well(world)
    expect(await execution.finish(answer)).toEqual({ outcome: 'recovered' })
  })

  it('ends the run that is in progress 90 seconds after it', async () => {
    const world = await failingWorld()
    const { deadlineMs = 0 } = world.taskNow().episode ?? {}
    const execution = executionOf(world)
    await execution.begin()
    world.clock.advance(deadlineMs - 1000 - world.clock.now())
    world.eventsApi.events.push(...eventsFrom(25, 2000))
    world.eventsApi.answering = () => void world.clock.advance(1500)
    expect(await execution.ask('collect')).toEqual({ outcome: 'recovered' })
    expect(world.clock.now()).toBeLessThan(deadlineMs + 90_000)
    expect(world.taskNow().events).toBeLessThan(2025)
    expect(world.bus.published).toMatchObject([{ reason: 'continuation' }])
  })
})
