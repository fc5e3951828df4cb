import { describe, expect, it } from 'vitest'
import { collect } from '../../../functions/collect/collect.ts'
import { stopTask } from '../../../shared/domain/task/life.ts'
import type { TaskChange } from '../../../shared/domain/task/task-change.ts'
import { replacingTransition } from '../../support/applying.ts'
import { collectWorld, DUE, eventsFrom, ledgerLines } from '../../support/collect-world.ts'
import { executionOf } from '../../support/execution.ts'
import { collecting, down, failingWorld, renew, well } from '../../support/failing-world.ts'
import { failed, unauthorized } from '../../support/fakes/events-api.ts'

const ADDRESS = { collectorId: DUE.collectorId, sourceId: DUE.sourceId, api: DUE.api }
const MINUTE_MS = 60_000

const toIso = (epochMs: number): string => new Date(epochMs).toISOString()

describe('a run that fails', () => {
  it('opens an episode in the same write as its failure, and publishes it once', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5), task: collecting })
    down(world)
    const saves: TaskChange[] = []
    const { apply } = world.ports.tasks
    world.ports.tasks.apply = replacingTransition(apply, 'save', (key, transition) => {
      saves.push(transition.update.set)
      return apply(key, transition)
    })
    const report = await world.run()
    const nowMs = world.clock.now()
    const episode = {
      id: 'uuid-2',
      startedMs: nowMs,
      deadlineMs: nowMs + 90 * MINUTE_MS,
      attempts: 1,
      nextRetryMs: nowMs + MINUTE_MS,
    }
    expect(saves.filter(change => change.state === 'Error')).toMatchObject([
      { episode, error: { code: 503 } },
    ])
    expect(world.taskNow().episode).toEqual(episode)
    expect(world.bus.opened).toEqual([{ ...ADDRESS, episode: 'uuid-2' }])
    expect(report).toMatchObject({
      outcome: 'failed',
      retry: { attempts: 1, nextRetry: toIso(nowMs + MINUTE_MS), deadline: toIso(nowMs + 90 * MINUTE_MS) },
    })
  })

  it('ends as usual when the bus refuses the event of the episode, which is kept with the task', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5), task: collecting })
    down(world)
    const bus = { ...world.bus, publishOpened: () => Promise.reject(new Error('refused')) }
    expect(await world.run({ ...world.ports, bus })).toMatchObject({ outcome: 'failed' })
    expect(world.taskNow().episode).toMatchObject({ attempts: 1 })
    expect(world.logged.join('\n')).toContain('the retry waits for the next tick')
    expect(world.bus.health).toHaveLength(1)
  })

  it('because of the configuration opens no episode', async () => {
    const world = await failingWorld(unauthorized)
    expect(world.taskNow()).toMatchObject({ halted: true })
    expect(world.taskNow().episode).toBeUndefined()
    expect(world.bus.opened).toEqual([])
  })

  it('leaves the task to the state machine, so that a run of a tick cannot lease it', async () => {
    const world = await failingWorld()
    well(world)
    world.clock.advance(300_000)
    const deadlineMs = world.clock.now() + 240_000
    const tick = { runId: 'tick', deadlineMs }
    expect(await collect(world.ports, world.settings, DUE, tick)).toMatchObject({ outcome: 'busy' })
    expect(world.taskNow().events).toBe(0)
  })

  it('for which 1Password asked to wait longer is retried then, and not past the deadline', async () => {
    const world = await failingWorld(failed(429, '600'))
    expect(world.taskNow().episode?.nextRetryMs).toBe(world.clock.now() + 600_000)
    const execution = executionOf(world)
    await execution.begin()
    down(world, failed(429, '86400'))
    const { nextRetry, deadline } = await execution.ask('collect')
    expect(nextRetry).toBe(deadline)
  })
})

describe('an episode', () => {
  it.each([1, 2, 3, 7, 20])('ends with recovery at run %i, and all is collected', async attempt => {
    const world = await failingWorld()
    const execution = executionOf(world)
    let answer = await execution.ask('claim')
    for (let i = 1; i < attempt; i++) {
      execution.wait(answer)
      answer = await execution.ask('collect')
      expect(answer).toMatchObject({ outcome: 'retry', attempts: i + 1, error: 'ThirdPartyGenericError' })
    }
    well(world)
    expect(await execution.finish(answer)).toEqual({ outcome: 'recovered' })
    expect(world.taskNow()).toMatchObject({ state: 'Collecting', events: 25 })
    for (const name of ['episode', 'error', 'leaseOwner']) expect(world.taskNow()).not.toHaveProperty(name)
    expect(ledgerLines(world)).toHaveLength(25)
    expect(world.bus.health.map(({ status }) => status)).toEqual(['UnHealthy', 'Healthy'])
    expect(world.bus.opened).toHaveLength(1)
  })

  it('waits between runs as long as the back-off says', async () => {
    const world = await failingWorld()
    const execution = executionOf(world)
    let answer = await execution.ask('claim')
    const waits: number[] = []
    for (let i = 0; i < 5; i++) {
      waits.push((Date.parse(answer.nextRetry ?? '') - world.clock.now()) / MINUTE_MS)
      execution.wait(answer)
      answer = await execution.ask('collect')
    }
    expect(waits).toEqual([1, 2, 4, 5, 5])
  })

  it('ends with an error that waits for the user', async () => {
    const world = await failingWorld()
    const execution = executionOf(world)
    await execution.begin()
    down(world, unauthorized)
    expect(await execution.ask('collect')).toEqual({ outcome: 'stopped' })
    expect(world.taskNow()).toMatchObject({ halted: true, error: { code: 401 } })
    expect(world.taskNow().episode).toBeUndefined()
  })

  it.each(['claim', 'collect', 'died'] as const)(
    'ends with an update or restart, by the step %s',
    async step => {
      const world = await failingWorld()
      const execution = executionOf(world)
      if (step !== 'claim') await execution.begin()
      await renew(world)
      const before = world.taskNow()
      expect(await execution.ask(step)).toEqual({ outcome: 'stopped' })
      expect(world.taskNow()).toEqual(before)
      expect(before).toMatchObject({ state: 'Pending', renewed: 2 })
      well(world)
      expect(await world.run()).toMatchObject({ outcome: 'drained', events: 25 })
    },
  )

  it('ends with an update during its run, whatever becomes of the run', async () => {
    const world = await failingWorld()
    const execution = executionOf(world)
    await execution.begin()
    world.eventsApi.answering = async () => {
      await renew(world)
      return failed(503)
    }
    expect(await execution.ask('collect')).toEqual({ outcome: 'stopped' })
    expect(world.taskNow()).toMatchObject({ state: 'Pending' })
    expect(world.taskNow().episode).toBeUndefined()
    expect(world.bus.published).toMatchObject([{ reason: 'updated' }])
    expect(world.bus.opened).toHaveLength(1)
  })

  it.each(['claim', 'collect', 'died'] as const)(
    'ends with the deletion of its source, by the step %s',
    async step => {
      const world = await failingWorld()
      const execution = executionOf(world)
      if (step !== 'claim') await execution.begin()
      await world.ports.tasks.apply(DUE, stopTask(toIso(world.clock.now())))
      const before = world.taskNow()
      expect(await execution.ask(step)).toEqual({ outcome: 'stopped' })
      expect(world.taskNow()).toEqual(before)
      await world.ports.tasks.remove(DUE)
      expect(await execution.ask(step)).toEqual({ outcome: 'stopped' })
      expect(world.ports.tasks.get(DUE)).toBeUndefined()
    },
  )

  it('ends with the deletion of its source during its run', async () => {
    const world = await failingWorld()
    const execution = executionOf(world)
    await execution.begin()
    world.eventsApi.answering = async () => {
      await world.ports.tasks.apply(DUE, stopTask(toIso(world.clock.now())))
      return failed(503)
    }
    expect(await execution.ask('collect')).toEqual({ outcome: 'stopped' })
    expect(world.bus.stopping).toHaveLength(1)
  })

  it('continues while its source is being deleted and its task is not stopped yet', async () => {
    const world = await failingWorld()
    const execution = executionOf(world)
    await execution.begin()
    world.update({ stopping: true })
    expect(await execution.ask('collect')).toMatchObject({
      outcome: 'retry',
      nextRetry: toIso(world.clock.now() + MINUTE_MS),
    })
    expect(world.bus.stopping).toHaveLength(1)
  })

  it('ends when its API was taken out of the source', async () => {
    const world = await failingWorld()
    const execution = executionOf(world)
    await execution.begin()
    world.update({ apis: ['auditEvents'] })
    expect(await execution.ask('collect')).toEqual({ outcome: 'stopped' })
    expect(world.taskNow()).toMatchObject({ state: 'Pending', halted: true })
    expect(world.taskNow().episode).toBeUndefined()
    expect(world.ports.healthEvents.open()).toEqual([])
  })

  it('of an older version of the source ends with a failure of the new one, which opens its own', async () => {
    const world = await failingWorld()
    const old = executionOf(world)
    await old.begin()
    world.update()
    world.eventsApi.answering = ({ method }) => (method === 'POST' ? failed(503) : undefined)
    expect(await old.ask('collect')).toEqual({ outcome: 'stopped' })
    expect(world.bus.opened.map(({ episode }) => episode)).toEqual([old.episode, world.taskNow().episode?.id])
    expect(world.taskNow()).toMatchObject({ version: 2, episode: { attempts: 1 } })
    expect(world.taskNow().episode).not.toHaveProperty('execution')
    well(world)
    expect(await executionOf(world, 'next').finish()).toEqual({ outcome: 'recovered' })
    expect(ledgerLines(world)).toHaveLength(25)
  })
})
