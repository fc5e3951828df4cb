import { describe, expect, it } from 'vitest'
import type { EventsApiAnswer, EventsApiCall } from '../../../shared/ports.ts'
import { type CollectWorld, collectWorld, DUE, eventsFrom } from '../../support/collect-world.ts'
import { answered } from '../../support/fakes/events-api.ts'
import { secretOf } from '../../support/fakes/tokens.ts'

const section = (count: number): string => 'aQ9-zR_4'.repeat(count)
const SHORT = `eyJhbGciOiJFUzI1NiJ9.${section(9)}.${section(8)}`
const LONG = `eyJhbGciOiJFUzI1NiJ9.${section(900)}.${section(90)}`

const percent = (text: string): string => text.replaceAll(/\W/g, c => `%${c.charCodeAt(0).toString(16)}`)
const escaped = (text: string): string =>
  text.replaceAll(/[.:]/g, c => `\\u00${c.charCodeAt(0).toString(16)}`)

const BODIES: readonly (readonly [string, (token: string) => string])[] = [
  ['as it is', token => `<p>Authorization: Bearer ${token}</p>`],
  ['as JSON', token => JSON.stringify({ headers: { authorization: `Bearer ${token}` } })],
  ['with escaped dots', token => JSON.stringify({ token: escaped(token) })],
  ['URL-encoded', token => `/login?auth=${percent(`Bearer ${token}`)}`],
  ['as a Basic header', token => `Basic ${Buffer.from(`events:${token}`).toString('base64')}`],
  ['as JSON in base64', token => Buffer.from(JSON.stringify({ token })).toString('base64')],
  ['broken into lines', token => token.replaceAll(/.{40}/g, '$&\n')],
]

const STORED: readonly (readonly [string, (token: string) => string])[] = [
  ['as it is', token => token],
  ['in quotes', token => `"${token}"`],
  ['as JSON', token => JSON.stringify({ api_token: token })],
]

/** The texts in which a part of the token would show. Eleven characters of it are enough. */
function traces(token: string): readonly string[] {
  const parts = [0, 30, 60, 90].map(at => token.slice(at, at + 11))
  const base64 = [0, 1, 2].map(i =>
    Buffer.from(token.slice(30 + i, 45 + i))
      .toString('base64')
      .slice(0, 20),
  )
  return [...parts, ...base64]
}

const everything = ({ logged, taskNow, bus, ports }: CollectWorld, report: unknown): string =>
  JSON.stringify([logged, taskNow(), bus.published, bus.health, [...ports.healthEvents.histories], report])

async function expectHidden(world: CollectWorld, token: string): Promise<void> {
  const text = everything(world, await world.run()).replaceAll(/\s|\\n/g, '')
  for (const trace of traces(token)) expect(text).not.toContain(trace)
}

type Answering = (call: EventsApiCall) => EventsApiAnswer | undefined

function worldOf(token: string, stored: string, answering: Answering): CollectWorld {
  const world = collectWorld({ events: eventsFrom(0, 25) })
  world.eventsApi.token = token
  world.secrets.set(DUE.sourceId, secretOf(stored, 'v1'))
  world.eventsApi.answering = answering
  return world
}

/** The body, which the adapter cuts after 8 KB. */
const reflected = (status: number, body: string): EventsApiAnswer => ({
  status,
  body: Buffer.from(body.slice(0, 8192)),
})

describe.each([
  ['short', SHORT],
  ['long', LONG],
])('a %s token that a proxy repeats', (_length, token) => {
  describe.each(BODIES)('%s', (_how, write) => {
    it.each([400, 401, 403, 404, 429, 502])('in an answer %i shows nowhere', async status => {
      const world = worldOf(token, token, () => reflected(status, write(token)))
      await expectHidden(world, token)
    })

    it.each(STORED)('shows nowhere if the secret holds it %s', async (_stored, wrap) => {
      const world = worldOf(token, wrap(token), () => reflected(503, write(token)))
      await expectHidden(world, token)
      expect(world.taskNow().error?.code).toBe(503)
    })

    it('in an answer to a page or a cursor shows nowhere', async () => {
      const world = worldOf(token, token, call => {
        const isLater = call.method === 'POST' && call.body?.includes('"cursor"')
        return isLater ? reflected(400, write(token)) : undefined
      })
      await expectHidden(world, token)
    })

    it('in a 200 that is not a page shows nowhere', async () => {
      const world = worldOf(token, token, ({ method }) =>
        method === 'POST' ? answered(write(token)) : undefined,
      )
      await expectHidden(world, token)
    })
  })
})

it('a token in the secret that is not used shows nowhere, though a proxy repeats it', async () => {
  const next = `${SHORT.slice(0, -8)}otherone`
  const world = worldOf('gone', 'gone', call =>
    reflected(401, JSON.stringify({ Error: { Message: call.token } })),
  )
  world.secrets.set(DUE.sourceId, { current: 'v2', versions: { v1: 'gone', v2: next } })
  await expectHidden(world, next)
})
