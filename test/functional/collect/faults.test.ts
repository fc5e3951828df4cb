import { describe, expect, it } from 'vitest'
import { NetworkFailure } from '../../../shared/domain/failure/network-failure.ts'
import { replacingTransition } from '../../support/applying.ts'
import {
  type CollectWorld,
  collectWorld,
  eventsFrom,
  ledgerLines,
  toUuids,
} from '../../support/collect-world.ts'
import { answered, failed } from '../../support/fakes/events-api.ts'

const isPage = ({ method }: { method: string }): boolean => method === 'POST'
const pages = (world: CollectWorld) => world.eventsApi.calls.filter(isPage)

describe('an answer of 1Password', () => {
  it.each([
    ['403', failed(403), 'ThirdPartyConfig', 403, 'api_token'],
    [
      '404 as text',
      { status: 404, body: Buffer.from('404 page not found') },
      'ThirdPartyConfig',
      404,
      '404 page not found',
    ],
  ] as const)(
    '%s halts the task as a configuration error, without asking again',
    async (_name, refusal, type, code, text) => {
      const world = collectWorld({ events: eventsFrom(0, 5) })
      world.eventsApi.answering = call => (isPage(call) ? refusal : undefined)
      const report = await world.run()
      expect(report).toMatchObject({ outcome: 'failed', error: { type, code } })
      expect(world.taskNow()).toMatchObject({ state: 'Error', halted: true, error: { type, code } })
      expect(world.taskNow().error?.info).toContain(text)
      expect(pages(world)).toHaveLength(1)
      expect((await world.run()).outcome).toBe('busy')
    },
  )

  it.each([
    ['408', failed(408), 408],
    ['429', failed(429), 429],
    ['500', failed(500), 500],
    ['503', failed(503), 503],
    ['a redirect', failed(302), 302],
    ['a 200 that is not JSON', answered('<html>'), 200],
    ['a 200 that promises more and has no cursor', answered('{"items":[],"has_more":true}'), 200],
    ['a 200 with a cursor that is too long', answered(`{"items":[],"cursor":"${'c'.repeat(65_537)}"}`), 200],
  ])(
    '%s is asked for three times, then fails the run and leaves the task for the next tick',
    async (_name, refusal, code) => {
      const world = collectWorld({ events: eventsFrom(0, 5) })
      world.eventsApi.answering = call => (isPage(call) ? refusal : undefined)
      expect((await world.run()).outcome).toBe('failed')
      expect(pages(world)).toHaveLength(3)
      expect(world.taskNow()).toMatchObject({ state: 'Error', error: { type: 'ThirdPartyGeneric', code } })
      expect(world.taskNow().halted).toBeUndefined()
      world.eventsApi.answering = () => undefined
      expect((await world.run()).outcome).toBe('drained')
      expect(world.taskNow()).toMatchObject({ state: 'Collecting' })
      expect(world.taskNow().error).toBeUndefined()
      expect(toUuids(ledgerLines(world))).toHaveLength(5)
    },
  )

  it('that never comes is a passing fault of 1Password, with the reason', async () => {
    const world = collectWorld()
    world.eventsApi.answering = () => {
      throw new NetworkFailure({ reason: 'refused', at: 'https://x' })
    }
    await world.run()
    expect(world.taskNow().error).toMatchObject({ type: 'ThirdPartyGeneric', code: 0 })
    expect(world.taskNow().error?.info).toContain('the connection was refused')
  })

  it('with Retry-After makes the run wait as long as it says', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    let refusals = 1
    world.eventsApi.answering = call => (isPage(call) && refusals-- > 0 ? failed(429, '17') : undefined)
    expect((await world.run()).outcome).toBe('drained')
    expect(world.clock.slept).toContain(17_000)
  })

  it('with a Retry-After beyond the time left fails the run at once', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    world.eventsApi.answering = call => (isPage(call) ? failed(429, '3600') : undefined)
    expect((await world.run()).outcome).toBe('failed')
    expect(pages(world)).toHaveLength(1)
    expect(world.clock.slept).not.toContain(3_600_000)
  })

  it('that fails in the middle of a backlog keeps what was committed', async () => {
    const world = collectWorld({ events: eventsFrom(0, 35) })
    world.eventsApi.answering = () => (pages(world).length > 2 ? failed(500) : undefined)
    expect(await world.run()).toMatchObject({ outcome: 'failed', pages: 2, events: 20 })
    expect(toUuids(ledgerLines(world))).toHaveLength(20)
    world.eventsApi.answering = () => undefined
    await world.run()
    expect(toUuids(ledgerLines(world))).toHaveLength(35)
  })
})

describe('our own side', () => {
  it.each(['lake', 'tokens'] as const)(
    'that fails at %s is a FirstPartyGeneric error that names the step',
    async port => {
      const world = collectWorld({ events: eventsFrom(0, 5) })
      const broken = new Proxy(world.ports[port], {
        get: () => () => Promise.reject(new Error('no route to host')),
      })
      expect((await world.run({ ...world.ports, [port]: broken })).outcome).toBe('failed')
      expect(world.taskNow()).toMatchObject({
        state: 'Error',
        error: { type: 'FirstPartyGeneric', code: 500 },
      })
      expect(world.taskNow().error?.info).toMatch(
        /no route to host, while (writing the page|reading the token)/,
      )
    },
  )

  it('that fails at the table ends the invocation with an error, so that Lambda reports the run as dead', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    const apply = replacingTransition(world.ports.tasks.apply, 'save', () =>
      Promise.reject(new Error('throttled')),
    )
    await expect(world.run({ ...world.ports, tasks: { ...world.ports.tasks, apply } })).rejects.toThrow(
      'throttled',
    )
  })
})
