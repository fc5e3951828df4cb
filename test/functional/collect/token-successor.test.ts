import { describe, expect, it } from 'vitest'
import type { EventsApiAnswer, EventsApiCall } from '../../../shared/ports.ts'
import { type CollectWorld, collectWorld, DUE, eventsFrom } from '../../support/collect-world.ts'
import { answered, failed, unauthorized } from '../../support/fakes/events-api.ts'
import { secretOf } from '../../support/fakes/tokens.ts'

const DAY_MS = 86_400_000
const WARNING = 'TokenSuccessorWarning/sign-in'

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const tokenFor = (days: number, nowMs: number): string =>
  `${part({})}.${part({ exp: Math.floor(nowMs / 1000) + days * 86_400 })}.sig`

const introspection = (features: readonly string[], account_uuid = 'A') =>
  answered(JSON.stringify({ features, account_uuid }))

/** A task that is collected with a token of ten more days. What else is sent gets the answers of `others`. */
async function expiringWorld(others: (call: EventsApiCall) => EventsApiAnswer | undefined = () => undefined) {
  const world = collectWorld({ events: eventsFrom(0, 5) })
  const token = tokenFor(10, world.clock.now())
  world.eventsApi.token = token
  world.secrets.set(DUE.sourceId, secretOf(token, 'v1'))
  world.eventsApi.answering = call => (call.token === token ? undefined : others(call))
  await world.run()
  return { ...world, token }
}

function writeByHand({ secrets }: CollectWorld, stored: string): void {
  const { versions = {} } = secrets.get(DUE.sourceId) ?? {}
  const current = `v${Object.keys(versions).length + 1}`
  secrets.set(DUE.sourceId, { current, versions: { ...versions, [current]: stored } })
}

const warnings = ({ bus }: Pick<CollectWorld, 'bus'>) =>
  bus.health.filter(({ details }) => details.trackerId === WARNING)

const shown = (world: CollectWorld): string[] =>
  warnings(world).map(({ status, severityLevel }) => `${status} ${severityLevel}`)

const tokensSent = (world: CollectWorld): string[] => {
  const sent = world.eventsApi.calls.splice(0)
  return sent.map(({ method, token }) => `${method} ${token}`)
}

const FEATURE = ['signinattempts']
const refusing = () => unauthorized
const answering = (answer: EventsApiAnswer) => () => answer

describe('a token that is written into the secret by hand before the old one expires', () => {
  it.each([
    ['that is no token', 'two words', refusing, 'printable characters'],
    ['that is JSON with two members', '{"api_token":"x","note":"y"}', refusing, 'printable characters'],
    ['that 1Password refuses', 'another-kind', refusing, 'refuses it'],
    ['without the feature', 'no-feature', answering(introspection(['itemusages'])), 'lacks the feature'],
    ['of another account', 'foreign', answering(introspection(FEATURE, 'B')), 'another account'],
  ])('and %s does not displace the old one, and is warned of', async (_what, stored, others, why) => {
    const world = await expiringWorld(others)
    writeByHand(world, stored)
    tokensSent(world)
    expect(await world.run()).toMatchObject({ outcome: 'drained' })
    expect(tokensSent(world).filter(each => each.startsWith('POST'))).toEqual([`POST ${world.token}`])
    expect(world.taskNow()).toMatchObject({ state: 'Collecting', accountUuid: 'A', chain: 1 })
    await world.run()
    expect(shown(world)).toEqual(['UnHealthy Warning'])
    expect(warnings(world)[0]?.details.description).toContain(why)
    expect(JSON.stringify([world.bus.published, world.logged, world.taskNow()])).not.toContain(stored)
  })

  it('and is of another account does not displace the old one under another base URL either', async () => {
    const world = await expiringWorld(answering(introspection(FEATURE, 'B')))
    writeByHand(world, 'foreign')
    world.settings.allowedHosts.push('events.1password.eu')
    world.update({ baseUrl: 'https://events.1password.eu' })
    expect(await world.run()).toMatchObject({ outcome: 'drained' })
    expect(world.taskNow()).toMatchObject({ accountUuid: 'A', baseUrl: 'https://events.1password.eu' })
    expect(warnings(world)[0]?.details.description).toContain('another account')
  })

  it.each([
    ['A', 'UnHealthy Warning'],
    [undefined, undefined],
  ])('is compared with account %s of another API, if its own API has read none', async (known, told) => {
    const world = await expiringWorld(answering(introspection(FEATURE, 'B')))
    const { accountUuid: _, ...task } = world.taskNow()
    const other = { ...task, api: 'itemUsage' as const, ...(known !== undefined && { accountUuid: known }) }
    world.ports.tasks.items.set(`${DUE.sourceId}/itemUsage`, other)
    world.ports.tasks.items.set(`${DUE.sourceId}/${DUE.api}`, task)
    writeByHand(world, 'foreign')
    await world.run()
    expect(shown(world)[0]).toBe(told)
  })

  it.each([
    ['a line break at its end', (token: string) => `${token}\n`],
    ['quotes around it', (token: string) => `"${token}"`],
    ['JSON around it', (token: string) => JSON.stringify({ api_token: token })],
  ])('with %s is used once 1Password takes it', async (_what, wrap) => {
    const world = await expiringWorld()
    const next = tokenFor(300, world.clock.now())
    writeByHand(world, wrap(next))
    world.eventsApi.token = next
    tokensSent(world)
    expect(await world.run()).toMatchObject({ outcome: 'drained' })
    expect(tokensSent(world)).toEqual([`GET ${next}`, `POST ${next}`])
    expect(shown(world)).toEqual([])
  })

  it.each([
    ['is unavailable', failed(503)],
    ['does not answer itself', { status: 401, body: Buffer.from('<html>proxy</html>') }],
    ['names no account', answered(JSON.stringify({ features: FEATURE }))],
  ])('is neither used nor warned of while 1Password %s', async (_what, answer) => {
    const world = await expiringWorld(() => answer)
    writeByHand(world, 'next')
    expect(await world.run()).toMatchObject({ outcome: 'drained' })
    expect(shown(world)).toEqual([])
    expect(JSON.stringify(world.logged)).toContain('the next run tries again')
  })

  it('and is put right ends the warning', async () => {
    const world = await expiringWorld(({ token }) => (token === 'wrong' ? unauthorized : undefined))
    writeByHand(world, 'wrong')
    await world.run()
    writeByHand(world, `${world.token}`)
    await world.run()
    expect(shown(world)).toEqual(['UnHealthy Warning', 'Healthy Warning'])
    expect(world.taskNow().health?.warnings).toEqual({
      TokenExpiry: expect.anything(),
    })
  })

  it('is warned of anew if something else is wrong with the next one', async () => {
    const world = await expiringWorld(refusing)
    writeByHand(world, 'wrong')
    await world.run()
    writeByHand(world, 'two words')
    await world.run()
    expect(shown(world)).toEqual(['UnHealthy Warning', 'Healthy Warning', 'UnHealthy Warning'])
  })

  it('is not read before it is needed', async () => {
    const world = await expiringWorld()
    const token = tokenFor(100, world.clock.now())
    world.eventsApi.token = token
    world.secrets.set(DUE.sourceId, secretOf(token, 'v2'))
    world.update({ tokenVersion: 'v2' })
    const newerToken = () => Promise.reject(new Error('asked'))
    await world.run({ ...world.ports, tokens: { ...world.ports.tokens, newerToken } })
    expect(JSON.stringify(world.logged)).not.toContain('asked')
  })
})

describe('a token that is written into the secret by hand after the old one was refused', () => {
  it.each([
    ['is refused, too', refusing],
    ['is of another account', answering(introspection(FEATURE, 'B'))],
  ])('and %s leaves the error of the old one, and is warned of', async (_what, others) => {
    const world = await expiringWorld(others)
    world.clock.advance(11 * DAY_MS)
    world.eventsApi.answering = call => (call.token === world.token ? unauthorized : others())
    writeByHand(world, 'next')
    expect(await world.run()).toMatchObject({ outcome: 'failed', error: { type: 'ThirdPartyConfig' } })
    expect(world.taskNow()).toMatchObject({ halted: true, chain: 1, accountUuid: 'A' })
    expect(shown(world)).toEqual(['UnHealthy Warning'])
  })

  it('and cannot be proved now is tried again', async () => {
    const world = await expiringWorld()
    world.eventsApi.answering = call => (call.token === world.token ? unauthorized : failed(503))
    writeByHand(world, 'next')
    expect(await world.run()).toMatchObject({ error: { type: 'ThirdPartyGeneric', code: 503 } })
    expect(world.taskNow().halted).toBeUndefined()
  })

  it('takes the place of one that the source names and that no header can carry', async () => {
    const world = collectWorld({ events: eventsFrom(0, 5) })
    world.secrets.set(DUE.sourceId, secretOf('two words', 'v1'))
    writeByHand(world, world.eventsApi.token)
    expect(await world.run()).toMatchObject({ outcome: 'drained', events: 5 })
  })
})
