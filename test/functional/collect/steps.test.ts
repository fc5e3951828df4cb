import { describe, expect, it } from 'vitest'
import { renewTask } from '../../../shared/domain/task/life.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import { replacingTransition } from '../../support/applying.ts'
import { collectWorld, DUE, eventsFrom } from '../../support/collect-world.ts'
import { failed } from '../../support/fakes/events-api.ts'
import { secretOf } from '../../support/fakes/tokens.ts'

type World = ReturnType<typeof collectWorld>

/** A world in which every answer of the Events API takes a second. */
function slowWorld(task: Partial<Task> = {}): World {
  const world = collectWorld({ events: eventsFrom(0, 5), task })
  world.eventsApi.answering = () => void world.clock.advance(1000)
  return world
}

const reached = ({ taskNow }: World) => taskNow().reachedMs ?? {}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const tokenUntil = (time: string): string => `${part({})}.${part({ exp: Date.parse(time) / 1000 })}.sig`

function useToken(world: World, token: string, version: string): void {
  world.eventsApi.token = token
  world.secrets.set(DUE.sourceId, secretOf(token, version))
}

describe('the steps of a task', () => {
  it('are stored with their times, without an additional write', async () => {
    const world = slowWorld({ reachedMs: { Pending: 1 } })
    const saved: string[] = []
    const { apply } = world.ports.tasks
    world.ports.tasks.apply = replacingTransition(apply, 'save', async (key, transition) => {
      saved.push(transition.update.set.state ?? '-')
      return apply(key, transition)
    })
    const startMs = world.clock.now()
    await world.run()
    expect(saved).toEqual(['Started', 'Initialized', 'Authenticated', 'Collecting'])
    expect(reached(world)).toEqual({
      Pending: 1,
      Started: startMs,
      Initialized: startMs,
      Authenticated: startMs + 1000,
      Collecting: startMs + 2000,
    })
  })

  it('stay as they are while nothing changes', async () => {
    const world = slowWorld()
    await world.run()
    const before = reached(world)
    await world.run()
    expect(reached(world)).toEqual(before)
  })

  it('show when the task last failed and when it was well again', async () => {
    const world = slowWorld()
    await world.run()
    world.eventsApi.answering = () => failed(500)
    await world.run()
    const failedMs = world.clock.now()
    world.eventsApi.answering = () => undefined
    world.clock.advance(60_000)
    await world.run()
    expect(reached(world)).toMatchObject({ Error: failedMs, Collecting: failedMs + 60_000 })
  })

  it('begin again for a new version of the source, with the Pending of the update', async () => {
    const world = slowWorld()
    await world.run()
    world.clock.advance(60_000)
    world.update()
    const pendingMs = world.clock.now()
    await world.ports.tasks.apply(DUE, renewTask(2, new Date(pendingMs).toISOString()))
    expect(reached(world)).toEqual({ Pending: pendingMs })
    world.clock.advance(60_000)
    world.eventsApi.answering = () => failed(401)
    await world.run()
    expect(reached(world)).toEqual({
      Pending: pendingMs,
      Started: pendingMs + 60_000,
      Initialized: pendingMs + 60_000,
      Error: pendingMs + 60_000,
    })
  })

  it('of an older version are not shown for a version without a Pending', async () => {
    const world = slowWorld()
    await world.run()
    world.clock.advance(60_000)
    world.update()
    const startMs = world.clock.now()
    world.eventsApi.answering = () => failed(401)
    await world.run()
    expect(reached(world)).toEqual({ Started: startMs, Initialized: startMs, Error: startMs })
  })
})

describe('the time of the cursor', () => {
  it('is the time of the commit that last moved it', async () => {
    const world = slowWorld()
    await world.run()
    const movedMs = world.taskNow().cursorSinceMs
    expect(movedMs).toBe(world.clock.now())
    world.clock.advance(60_000)
    await world.run()
    expect(world.taskNow().cursorSinceMs).toBe(movedMs)
    world.eventsApi.events.push(...eventsFrom(5, 1, Date.parse('2026-03-02T00:00:00Z')))
    await world.run()
    expect(world.taskNow().cursorSinceMs).toBe(world.clock.now())
  })
})

describe('the lease', () => {
  it('has its begin stored, which is removed with it', async () => {
    const world = slowWorld()
    const startMs = world.clock.now()
    await world.runUntilKilled({ at: 4, phase: 'after' })
    expect(world.taskNow()).toMatchObject({ leaseOwner: 'run-1/uuid-1', leaseSinceMs: startMs })
    world.expireLease()
    await world.run()
    expect(world.taskNow()).not.toHaveProperty('leaseSinceMs')
  })
})

describe('the expiry of the token', () => {
  it('is stored with the task, and is removed if a new token does not name one', async () => {
    const world = slowWorld()
    useToken(world, tokenUntil('2026-09-01T09:30:00Z'), 'v1')
    await world.run()
    expect(world.taskNow().tokenExpires).toBe('2026-09-01T09:30:00.000Z')
    useToken(world, 'opaque', 'v2')
    world.update({ tokenVersion: 'v2' })
    await world.run()
    expect(world.taskNow()).toMatchObject({ state: 'Collecting' })
    expect(world.taskNow()).not.toHaveProperty('tokenExpires')
  })

  it('is the expiry of a token that somebody has put into the secret by hand', async () => {
    const world = slowWorld()
    const [first, second] = [tokenUntil('2026-09-01T09:30:00Z'), tokenUntil('2027-09-01T09:30:00Z')]
    useToken(world, first, 'v1')
    await world.run()
    world.eventsApi.token = second
    world.secrets.set(DUE.sourceId, { current: 'v9', versions: { v1: first, v9: second } })
    await world.run()
    expect(world.taskNow().tokenExpires).toBe('2027-09-01T09:30:00.000Z')
  })

  it('of the token before is not shown if the new token cannot be read', async () => {
    const world = slowWorld()
    useToken(world, tokenUntil('2026-09-01T09:30:00Z'), 'v1')
    await world.run()
    world.update({ tokenVersion: 'v2' })
    world.secrets.clear()
    await world.run()
    expect(world.taskNow()).toMatchObject({ state: 'Error', version: 2 })
    expect(world.taskNow()).not.toHaveProperty('tokenExpires')
  })

  it('is shown even if the token is refused, because it may be the reason', async () => {
    const world = slowWorld()
    const expired = tokenUntil('2026-02-01T00:00:00Z')
    useToken(world, expired, 'v1')
    world.eventsApi.token = 'another'
    await world.run()
    expect(world.taskNow()).toMatchObject({ state: 'Error', tokenExpires: '2026-02-01T00:00:00.000Z' })
    expect(JSON.stringify([world.logged, world.taskNow()])).not.toContain(expired)
  })
})
