import { describe, expect, it } from 'vitest'
import { START_REFUSED_MS } from '../../../shared/contract/timing.ts'
import {
  type CollectWorld,
  collectWorld,
  DUE,
  eventsFrom,
  ledgerLines,
  noteRefusal,
  toUuids,
} from '../../support/collect-world.ts'
import { badRequest } from '../../support/fakes/events-api.ts'

const isCursor = ({ body }: { body?: string }): boolean => body?.includes('"cursor"') ?? false

describe('a cursor that 1Password refuses', () => {
  it('is replaced by a reset cursor, and no event of the overlap is delivered twice', async () => {
    const world = collectWorld({ events: eventsFrom(0, 25, Date.parse('2026-02-28T10:00:00Z')) })
    await world.run()
    world.eventsApi.events.push(...eventsFrom(25, 4, Date.parse('2026-02-28T10:25:00Z')))
    world.eventsApi.calls.length = 0
    noteRefusal(world)
    let refusals = 1
    world.eventsApi.answering = call => (isCursor(call) && refusals-- > 0 ? badRequest : undefined)
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 4 })
    expect(world.eventsApi.calls[1]?.body).toContain('"start_time":"2026-02-28T04:24:00Z"')
    expect(toUuids(ledgerLines(world))).toEqual(Array.from({ length: 29 }, (_, i) => `E${i}`))
    expect(world.taskNow().overlap).toBeUndefined()
  })

  it('is replaced without doubles even if the run dies in the overlap', { tags: ['long'] }, async () => {
    const resetRun = async () => {
      const world = collectWorld({ events: eventsFrom(0, 25), pageSize: 3 })
      await world.run()
      world.eventsApi.events.push(...eventsFrom(25, 4, Date.parse('2026-02-28T00:25:00Z')))
      noteRefusal(world)
      let refusals = 1
      world.eventsApi.answering = call => (isCursor(call) && refusals-- > 0 ? badRequest : undefined)
      return world
    }
    const { effects } = await (await resetRun()).runUntilKilled()
    for (const at of effects.keys()) {
      const world = await resetRun()
      await world.runUntilKilled({ at, phase: 'after' })
      world.expireLease()
      await world.run()
      expect(toUuids(ledgerLines(world)), `killed after ${effects[at]}`).toHaveLength(29)
      expect(new Set(toUuids(ledgerLines(world))).size).toBe(29)
    }
  })

  it('is replaced without doubles even if the overlap is longer than a run', async () => {
    const world = collectWorld({ events: eventsFrom(0, 25), pageSize: 1 })
    await world.run()
    noteRefusal(world)
    let refusals = 1
    world.eventsApi.answering = call => {
      world.clock.advance(9_000)
      return isCursor(call) && refusals-- > 0 ? badRequest : undefined
    }
    const outcomes: string[] = []
    for (let runs = 0; runs < 10 && outcomes.at(-1) !== 'drained'; runs++)
      outcomes.push((await world.run(world.ports, 115)).outcome)
    expect(outcomes).toContain('continued')
    expect(toUuids(ledgerLines(world))).toEqual(Array.from({ length: 25 }, (_, i) => `E${i}`))
  })

  it.each([
    ['dated in the future', '2099-01-01T00:00:00Z'],
    ['without a readable time', 'yesterday'],
  ])('repeats no event %s', async (_name, timestamp) => {
    const odd = { timestamp: '2099-01-01T00:00:00Z', json: `{"uuid":"ODD","timestamp":"${timestamp}"}` }
    const world = collectWorld({ events: [odd] })
    await world.run()
    noteRefusal(world)
    let refusals = 1
    world.eventsApi.answering = call => (isCursor(call) && refusals-- > 0 ? badRequest : undefined)
    await world.run()
    expect(toUuids(ledgerLines(world))).toEqual(['ODD'])
  })

  it('is replaced even if the objects before it have expired', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    world.ports.lake.objects.clear()
    noteRefusal(world)
    let refusals = 1
    world.eventsApi.answering = call => (isCursor(call) && refusals-- > 0 ? badRequest : undefined)
    expect((await world.run()).outcome).toBe('drained')
    expect(world.taskNow().state).toBe('Collecting')
  })

  it('after a longer pause than 1Password keeps events begins where it has some, and tells what is missing', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    world.clock.advance(130 * 86_400_000)
    const startsMs = world.clock.now() - 119 * 86_400_000
    world.eventsApi.events.push(...eventsFrom(5, 3, startsMs))
    noteRefusal(world)
    let refusals = 1
    world.eventsApi.answering = call => (isCursor(call) && refusals-- > 0 ? badRequest : undefined)
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 3 })
    const told = world.bus.health.find(({ eventName }) => eventName === 'CursorResetWarning')
    expect(told?.details.description).toContain(
      'what happened from 2026-02-28T00:04:00.000Z to 2026-03-11T13:00:00Z cannot be read any more',
    )
  })

  it('is not replaced before the object that an earlier run wrote for it was adopted', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    world.eventsApi.events.push(...eventsFrom(5, 3, Date.parse('2026-02-28T06:00:00Z')))
    const { create } = world.ports.lake
    world.ports.lake.create = async (...args) => {
      await create(...args)
      throw new Error('socket hang up')
    }
    await world.run()
    world.ports.lake.create = create
    let refusals = 2
    world.eventsApi.answering = call => (isCursor(call) && refusals-- > 0 ? badRequest : undefined)
    await world.run()
    await world.run()
    expect(toUuids(ledgerLines(world))).toEqual(Array.from({ length: 8 }, (_, i) => `E${i}`))
  })

  it('again right after a reset does not halt the source: its task is retried', async () => {
    const world = collectWorld({ events: eventsFrom(0, 25), pageSize: 4 })
    await world.run()
    world.eventsApi.answering = call => (isCursor(call) ? badRequest : undefined)
    const outcomes: string[] = []
    for (let runs = 0; runs < 4; runs++) outcomes.push((await world.run()).outcome)
    expect(outcomes).toEqual(['failed', 'failed', 'failed', 'failed'])
    expect(world.taskNow()).toMatchObject({ error: { type: 'ThirdPartyGeneric', code: 400 }, events: 25 })
    expect(world.taskNow().halted).toBeUndefined()
    world.eventsApi.answering = () => undefined
    await world.run()
    expect(toUuids(ledgerLines(world))).toEqual(Array.from({ length: 25 }, (_, i) => `E${i}`))
  })
})

describe('a refusal', () => {
  const answerTo = (body: string) => ({ status: 400, body: Buffer.from(body) })
  const OWN = [
    ['in the first form', '{"Error":{"Message":"Bad Request"}}'],
    ['in the second form', '{"status":400,"message":"Bad Request"}'],
  ] as const

  it.each(OWN)('%s counts when a second run gets it', async (_name, body) => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    const { cursor } = world.taskNow()
    world.eventsApi.answering = call =>
      isCursor(call) && world.taskNow().chain === 1 ? answerTo(body) : undefined
    expect(await world.run()).toMatchObject({
      outcome: 'failed',
      error: { type: 'ThirdPartyGeneric', code: 400, info: expect.stringContaining(body) },
    })
    expect(world.taskNow()).toMatchObject({ cursor, chain: 1 })
    expect(world.bus.health.map(({ details }) => details.trackerId)).toEqual([
      'ThirdPartyGenericError/sign-in',
    ])
    expect((await world.run()).outcome).toBe('drained')
    expect(world.taskNow()).toMatchObject({ chain: 2, state: 'Collecting' })
  })

  it('that comes once keeps the cursor, and what is late behind it', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    const late = eventsFrom(5, 2, Date.parse('2026-02-28T00:00:00Z') - 86_400_000)
    world.eventsApi.events.push(...late.map(event => ({ ...event, timestamp: '2026-02-28T00:00:00Z' })))
    let refusals = 1
    world.eventsApi.answering = call => (isCursor(call) && refusals-- > 0 ? badRequest : undefined)
    expect((await world.run()).outcome).toBe('failed')
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 2 })
    expect(world.taskNow()).toMatchObject({ chain: 1, events: 7 })
    expect(world.taskNow().refusedPlace).toBeUndefined()
  })

  it('does not count together with one from before a run that ended well', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    await world.run()
    let answers = 0
    world.eventsApi.answering = call => (isCursor(call) && answers++ % 2 === 0 ? badRequest : undefined)
    const outcomes: string[] = []
    for (let runs = 0; runs < 6; runs++) outcomes.push((await world.run()).outcome)
    expect(outcomes).toEqual(['failed', 'drained', 'failed', 'drained', 'failed', 'drained'])
    expect(world.taskNow().chain).toBe(1)
  })

  it.each([
    ['HTML', '<html>Bad Request</html>'],
    ['no text', ''],
    ['JSON of another form', '{"error":"bad_request"}'],
    ['JSON that is a text', '"Bad Request"'],
  ])('that is %s is an answer of something in between, however often it comes', async (_name, body) => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    world.eventsApi.answering = call => (call.method === 'POST' ? answerTo(body) : undefined)
    for (let runs = 0; runs < 3; runs++) {
      expect(await world.run()).toMatchObject({
        outcome: 'failed',
        error: { type: 'ThirdPartyGeneric', code: 400 },
      })
    }
    world.eventsApi.answering = () => undefined
    await world.run()
    world.eventsApi.answering = call => (isCursor(call) ? answerTo(body) : undefined)
    for (let runs = 0; runs < 3; runs++) await world.run()
    expect(world.taskNow()).toMatchObject({ chain: 1, error: { type: 'ThirdPartyGeneric', code: 400 } })
    expect(world.taskNow().halted).toBeUndefined()
  })

  it('of the very first request halts the source when runs get it for five minutes, whatever the start', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    world.eventsApi.answering = call => (call.method === 'POST' ? badRequest : undefined)
    expect(await world.run()).toMatchObject({
      outcome: 'failed',
      error: { type: 'ThirdPartyGeneric', code: 400 },
    })
    world.clock.advance(START_REFUSED_MS - 1)
    expect(await world.run()).toMatchObject({ error: { type: 'ThirdPartyGeneric', code: 400 } })
    expect(world.taskNow().halted).toBeUndefined()
    world.clock.advance(1)
    expect(await world.run()).toMatchObject({
      outcome: 'failed',
      error: { type: 'ThirdPartyConfig', code: 400, info: expect.stringContaining('start_time') },
    })
    expect(world.taskNow()).toMatchObject({ state: 'Error', halted: true })
  })
  const startOf = ({ body = '{}' }: { body?: string }): string | undefined => JSON.parse(body).start_time

  async function runsOfAnHour(world: CollectWorld): Promise<string[]> {
    const infos: string[] = []
    for (let runs = 0; runs < 6; runs++) {
      const { error } = await world.run()
      if (error) infos.push(`${error.type} ${error.info}`)
      world.clock.advance(START_REFUSED_MS)
    }
    return infos
  }

  it('of a start alone, while a later one is taken, halts nothing and is retried', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    const { startTime } = world.taskNow()
    world.eventsApi.answering = call => (startOf(call) === startTime ? badRequest : undefined)
    const infos = await runsOfAnHour(world)
    expect(infos[0]).toContain('ThirdPartyGeneric')
    for (const info of infos.slice(1)) expect(info).toContain(`refuses to begin at ${startTime}, although`)
    expect(world.taskNow().halted).toBeUndefined()
    world.update({ startTime: '2026-02-28T00:02:00Z' })
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 3 })
  })

  it('of a start before what 1Password keeps begins at the earliest time that it keeps', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    const failure = { status: 500, body: Buffer.from('') }
    world.eventsApi.answering = call => (call.method === 'POST' ? failure : undefined)
    await world.run()
    const task = world.taskNow()
    const startTime = '2020-01-01T00:00:00Z'
    world.ports.tasks.items.set(`${DUE.sourceId}/${DUE.api}`, { ...task, startTime })
    world.eventsApi.answering = call => (startOf(call) === startTime ? badRequest : undefined)
    expect(await runsOfAnHour(world)).toHaveLength(1)
    expect(world.taskNow()).toMatchObject({ chain: 2, state: 'Collecting', events: 5 })
    expect(Date.parse(world.taskNow().startTime)).toBeGreaterThan(Date.parse('2025-10-01'))
  })

  it('of every start counts only if the later one is refused, too: an outage is no refusal', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    const { startTime } = world.taskNow()
    world.eventsApi.answering = call => {
      if (call.method !== 'POST') return undefined
      return startOf(call) === startTime ? badRequest : { status: 500, body: Buffer.from('') }
    }
    for (const info of await runsOfAnHour(world)) expect(info).toContain('ThirdPartyGeneric')
    expect(world.taskNow().halted).toBeUndefined()
  })
})
