import { describe, expect, it } from 'vitest'
import {
  type CollectWorld,
  collectWorld,
  eventsFrom,
  ledgerLines,
  uuidsOf,
} from '../../support/collect-world.ts'
import { unauthorized } from '../../support/fakes/events-api.ts'

const isPage = ({ method }: { method: string }): boolean => method === 'POST'
const pages = (world: CollectWorld) => world.eventsApi.calls.filter(isPage)

describe('the token', () => {
  it('is read again after a 401, and the new one used without a word', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    world.eventsApi.token = 'rotated'
    world.secret.token = 'rotated'
    world.eventsApi.events.push(...eventsFrom(5, 2, Date.parse('2026-03-02T00:00:00Z')))
    expect((await world.run()).outcome).toBe('drained')
    expect(world.secret.reads).toBe(2)
    expect(uuidsOf(ledgerLines(world))).toHaveLength(7)
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

  it('that no header can carry is a configuration error', async () => {
    const world = collectWorld()
    world.secret.token = 'two words\n'
    await world.run()
    expect(world.taskNow().error).toMatchObject({ type: 'ThirdPartyConfig' })
    expect(world.eventsApi.calls).toHaveLength(0)
  })

  it('is introspected on the first run and after a change of the source only', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    await world.run()
    const introspections = () => world.eventsApi.calls.filter(({ method }) => method === 'GET')
    expect(introspections()).toHaveLength(1)
    const { current } = world.registered
    if (current) world.registered.current = { ...current, source: { ...current.source, version: 2 } }
    await world.run()
    expect(introspections()).toHaveLength(2)
  })

  it('is not sent to a host that is not allowed', async () => {
    const world = collectWorld()
    const { current } = world.registered
    if (current)
      world.registered.current = {
        ...current,
        source: { ...current.source, baseUrl: 'https://evil.example' },
      }
    await world.run()
    expect(world.eventsApi.calls).toHaveLength(0)
    expect(world.taskNow().error).toMatchObject({ type: 'ThirdPartyConfig' })
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
      world.published,
    ])
    expect(all).not.toContain(world.eventsApi.token)
  })
})
