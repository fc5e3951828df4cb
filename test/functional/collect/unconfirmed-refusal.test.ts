import { describe, expect, it } from 'vitest'
import { NetworkFailure } from '../../../shared/domain/failure/network-failure.ts'
import type { EventsApiAnswer, EventsApiCall } from '../../../shared/ports.ts'
import {
  type CollectWorld,
  collectWorld,
  eventsFrom,
  ledgerLines,
  toUuids,
} from '../../support/collect-world.ts'
import { answered, failed, unauthorized } from '../../support/fakes/events-api.ts'

const isPage = ({ method }: { method: string }): boolean => method === 'POST'
const html = (status: number): EventsApiAnswer => ({ status, body: Buffer.from('<html>Blocked</html>') })

type Answering = (call: EventsApiCall) => EventsApiAnswer | undefined

/** A task that has collected five events, and for which five more wait. */
async function collectedWorld(answering: Answering): Promise<CollectWorld> {
  const world = collectWorld({ events: eventsFrom(0, 5) })
  await world.run()
  world.eventsApi.events.push(...eventsFrom(5, 5, Date.parse('2026-03-02T00:00:00Z')))
  world.eventsApi.calls.length = 0
  world.eventsApi.answering = answering
  return world
}

const paths = ({ eventsApi }: CollectWorld): string[] =>
  eventsApi.calls.map(({ path }) => path.split('/').at(-1) ?? '')

describe('a 401 to a page', () => {
  it('is a configuration error if introspection with the same token is refused, too', async () => {
    const world = await collectedWorld(() => unauthorized)
    expect(await world.run()).toMatchObject({
      outcome: 'failed',
      error: { type: 'ThirdPartyConfig', code: 401 },
    })
    expect(paths(world)).toEqual(['signinattempts', 'introspect'])
    expect(new Set(world.eventsApi.calls.map(({ token }) => token)).size).toBe(1)
    expect(world.taskNow()).toMatchObject({ state: 'Error', halted: true })
    expect(world.taskNow().error?.info).toContain('{"Error":{"Message":"Unauthorized"}}')
    expect((await world.run()).outcome).toBe('busy')
  })

  it('is a configuration error that names the feature if the token lacks it now', async () => {
    const world = await collectedWorld(call =>
      isPage(call) ? unauthorized : answered('{"features":["itemusages"]}'),
    )
    await world.run()
    expect(world.taskNow()).toMatchObject({ halted: true, error: { type: 'ThirdPartyConfig', code: 401 } })
    expect(world.taskNow().error?.info).toContain('lacks the feature "signinattempts"')
  })

  it('that comes once is asked again in the same run, and no trouble', async () => {
    let refusals = 1
    const world = await collectedWorld(call => (isPage(call) && refusals-- > 0 ? unauthorized : undefined))
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 5 })
    expect(paths(world)).toEqual(['signinattempts', 'introspect', 'signinattempts'])
    expect(toUuids(ledgerLines(world))).toHaveLength(10)
  })

  it.each<[string, (call: EventsApiCall) => EventsApiAnswer | undefined, number]>([
    ['takes the token', () => undefined, 401],
    ['is unavailable', () => failed(503), 503],
    ['is answered by a proxy', () => html(401), 401],
    ['is not found', () => ({ status: 404, body: Buffer.from('404 page not found') }), 404],
    ['is not one', () => answered('{}'), 200],
    [
      'gets no answer',
      () => {
        throw new NetworkFailure({ reason: 'reset', at: 'https://x' })
      },
      0,
    ],
  ])('is retried if introspection %s', async (_what, introspection, code) => {
    const world = await collectedWorld(call => (isPage(call) ? unauthorized : introspection(call)))
    expect(await world.run()).toMatchObject({
      outcome: 'failed',
      error: { type: 'ThirdPartyGeneric', code },
    })
    expect(world.taskNow().halted).toBeUndefined()
    world.eventsApi.answering = () => undefined
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 5 })
    expect(toUuids(ledgerLines(world))).toHaveLength(10)
  })
})

describe('an answer that the API itself does not give', () => {
  it.each([401, 403, 404])('with %i is retried, and is laid at the door of a firewall', async status => {
    const world = await collectedWorld(() => html(status))
    expect(await world.run()).toMatchObject({ error: { type: 'ThirdPartyGeneric', code: status } })
    expect(world.taskNow().error?.info).toContain(
      'A firewall or proxy has answered in the place of 1Password',
    )
    expect(paths(world)).toEqual(Array(3).fill('signinattempts'))
    world.eventsApi.answering = () => undefined
    expect((await world.run()).outcome).toBe('drained')
  })
})
