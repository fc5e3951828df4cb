import { describe, expect, it } from 'vitest'
import {
  type CollectWorld,
  collectWorld,
  DUE,
  eventsFrom,
  ledgerLines,
  toUuids,
} from '../../support/collect-world.ts'
import { unauthorized } from '../../support/fakes/events-api.ts'
import { secretOf } from '../../support/fakes/tokens.ts'

const isPage = ({ method }: { method: string }): boolean => method === 'POST'
const pages = (world: CollectWorld) => world.eventsApi.calls.filter(isPage)

describe('the token', () => {
  it('refused with 401 is no failure if the user has put another into the secret by hand', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    world.eventsApi.token = 'rotated'
    world.secrets.set(DUE.sourceId, { current: 'v2', versions: { v1: 'the-token', v2: 'rotated' } })
    world.eventsApi.events.push(...eventsFrom(5, 2, Date.parse('2026-03-02T00:00:00Z')))
    expect((await world.run()).outcome).toBe('drained')
    expect(toUuids(ledgerLines(world))).toHaveLength(7)
  })

  it('of an update is used at once, and the token before is not sent again', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    world.eventsApi.token = 'second'
    world.secrets.set(DUE.sourceId, { current: 'v1', versions: { v1: 'the-token', v2: 'second' } })
    world.update({ tokenVersion: 'v2' })
    world.eventsApi.calls.length = 0
    expect((await world.run()).outcome).toBe('drained')
    expect(new Set(world.eventsApi.calls.map(({ token }) => token))).toEqual(new Set(['second']))
  })

  it('of an update that is refused is not replaced by the older one that the secret still has as current', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    world.secrets.set(DUE.sourceId, { current: 'v1', versions: { v1: 'the-token', v2: 'second' } })
    world.update({ tokenVersion: 'v2' })
    await world.run()
    expect(world.eventsApi.calls.map(({ token }) => token)).toEqual(['second'])
    expect(world.taskNow()).toMatchObject({ halted: true, error: { type: 'ThirdPartyConfig', code: 401 } })
  })

  it('is the secret’s current one if the secret no longer has the version', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    world.secrets.set(DUE.sourceId, { current: 'v3', versions: { v3: 'the-token' } })
    expect((await world.run()).outcome).toBe('drained')
    expect(toUuids(ledgerLines(world))).toHaveLength(5)
  })

  it('without the feature of the API is a configuration error that names the feature', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    world.eventsApi.features = ['itemusages']
    await world.run()
    expect(world.taskNow()).toMatchObject({
      state: 'Error',
      halted: true,
      error: { type: 'ThirdPartyConfig' },
    })
    expect(world.taskNow().error?.info).toContain('"signinattempts"')
    expect(pages(world)).toHaveLength(0)
  })

  it('that cannot be sent in a header is a configuration error', async () => {
    const world = collectWorld()
    world.secrets.set(DUE.sourceId, secretOf('two words\n', 'v1'))
    await world.run()
    expect(world.taskNow().error).toMatchObject({ type: 'ThirdPartyConfig' })
    expect(world.eventsApi.calls).toHaveLength(0)
  })

  it('is introspected only in the first run and after a change of the source', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    await world.run()
    const introspections = () => world.eventsApi.calls.filter(({ method }) => method === 'GET')
    expect(introspections()).toHaveLength(1)
    world.update()
    await world.run()
    expect(introspections()).toHaveLength(2)
  })

  it('is not sent to a host that is not allowed', async () => {
    const world = collectWorld()
    world.update({ baseUrl: 'https://evil.example' })
    await world.run()
    expect(world.eventsApi.calls).toHaveLength(0)
    expect(world.taskNow().error).toMatchObject({ type: 'ThirdPartyConfig' })
  })

  it('is not sent any more by a task that has collected, once a deployment no longer allows its host', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    world.eventsApi.calls.length = 0
    world.settings.allowedHosts.length = 0
    expect((await world.run()).outcome).toBe('failed')
    expect(world.eventsApi.calls).toHaveLength(0)
    expect(world.taskNow()).toMatchObject({ halted: true, error: { type: 'ThirdPartyConfig' } })
  })

  it('is in no log line, no task, no lake object and no answer', async () => {
    const world = collectWorld({ events: eventsFrom(0, 25) })
    const reports = [await world.run()]
    world.eventsApi.answering = () => unauthorized
    reports.push(await world.run())
    const all = JSON.stringify([
      world.logged,
      world.taskNow(),
      [...world.ports.lake.objects],
      reports,
      world.bus.published,
    ])
    expect(all).not.toContain(world.eventsApi.token)
  })
})
