import { describe, expect, it } from 'vitest'
import type { Api } from '../../../shared/contract/apis.ts'
import { aFault, healthAfter, SUBJECT } from '../../support/health.ts'
import { type AdminWorld, type Answer, NOW_MS } from './admin-world.ts'
import { SOURCE_ID, sourceWorld } from './source-world.ts'

const DAY_MS = 86_400_000
const ago = (ms: number): string => new Date(NOW_MS - ms).toISOString()

/** Trouble of a source's API, and its end. */
async function troubled(
  world: AdminWorld,
  { sourceId = SOURCE_ID, api = 'sign-in' as Api, sinceMs = 60_000 } = {},
  healed = false,
) {
  const subject = { ...SUBJECT, sourceId, api }
  const health = healthAfter(
    { subject, fault: aFault({ at: ago(sinceMs) }) },
    healed ? ago(sinceMs - 1) : undefined,
  )
  for (const change of health.untold ?? []) await world.ports.healthEvents.record(sourceId, change)
}

interface Listed {
  readonly eventId: string
  readonly status?: string
  readonly details: { readonly trackerId: string }
  readonly resourceIdentity: { readonly id: string }
}

const readData = ({ body }: Answer) => body['data'] as readonly Listed[]
const listTrackers = (answer: Answer) => readData(answer).map(({ details }) => details.trackerId)

const listResources = (...ids: number[]) => ({
  data: ids.map(id => ({ id: id.toString(16), type: 'Source' })),
})

describe.each(['/api/v1', '/v1'])('GET %s/healthEvents', prefix => {
  it('answers the unresolved events in the form of the original', async () => {
    const { world } = await sourceWorld()
    await troubled(world)
    await troubled(world, { api: 'itemUsage' }, true)
    const answer = await world.get(`${prefix}/healthEvents`)
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      data: [
        {
          eventId: expect.any(String),
          eventName: 'ThirdPartyConfigError',
          details: {
            trackerId: 'ThirdPartyConfigError/sign-in',
            error: expect.any(String),
            description: aFault().info,
          },
          resourceIdentity: {
            id: '0000000005F5E102',
            name: '1Pass',
            type: 'Source',
            collectorId: '0000000005F5E101',
            collectorName: 'Team',
          },
          eventTime: ago(60_000),
          subsystem: 'Collection',
          severityLevel: 'Error',
        },
      ],
    })
  })

  it('answers in parts', async () => {
    const { world } = await sourceWorld()
    for (const sourceId of [1, 2, 3]) await troubled(world, { sourceId })
    const first = await world.get(`${prefix}/healthEvents?limit=2`)
    const second = await world.get(`${prefix}/healthEvents?limit=2&token=${first.body['next']}`)
    const ids = [first, second].map(answer =>
      readData(answer).map(({ resourceIdentity: { id } }) => Number(id)),
    )
    expect(ids).toEqual([[1, 2], [3]])
    expect(second.body).not.toHaveProperty('next')
  })
})

describe('POST /healthEvents/resources', () => {
  const path = '/api/v1/healthEvents/resources'

  it('answers the unresolved events of the named sources', async () => {
    const { world } = await sourceWorld()
    for (const sourceId of [1, 2, 10]) await troubled(world, { sourceId })
    const answer = await world.post(path, listResources(10, 2, 99))
    expect(readData(answer).map(({ resourceIdentity: { id } }) => id)).toEqual([
      '0000000000000002',
      '000000000000000A',
    ])
    const collectors = { data: [{ id: '0000000000000002', type: 'Collector' }] }
    expect((await world.post(path, collectors)).body).toEqual({ data: [] })
  })

  it('names every fault of a request', async () => {
    const { world } = await sourceWorld()
    const body = { data: [{ id: 'x', type: 'Source' }, { id: '1' }, 7] }
    const { status, body: answer } = await world.post(`${path}?limit=0&token=%00`, body)
    expect(status).toBe(400)
    const messages = (answer['errors'] as { message: string }[]).map(({ message }) => message.split(':')[0])
    expect(messages).toEqual(['limit', 'token', 'data[0].id', 'data[1].type', 'data[2].id', 'data[2].type'])
  })

  it.each([[{}], [{ data: [] }], [{ data: {} }], [[]], [null]])('refuses %j', async body => {
    const { world } = await sourceWorld()
    expect((await world.post(path, body)).status).toBe(400)
  })
})

describe('GET /collectors/{id}/sources/{id}/healthEvents', () => {
  it('answers the history of the source for 90 days, the newest event first, in parts', async () => {
    const { world, path } = await sourceWorld()
    await troubled(world, { api: 'itemUsage', sinceMs: 91 * DAY_MS })
    await troubled(world, {}, true)
    await troubled(world, { sourceId: 1 })
    const all = await world.get(`${path}/healthEvents`)
    expect(readData(all).map(({ status }) => status)).toEqual(['Healthy', 'UnHealthy'])
    expect(all.body).not.toHaveProperty('next')
    const first = await world.get(`${path}/healthEvents?limit=1`)
    const second = await world.get(`${path}/healthEvents?limit=1&token=${first.body['next']}`)
    expect([...readData(first), ...readData(second)]).toEqual(readData(all))
    expect(listTrackers(await world.get('/v1/healthEvents'))).toContain('ThirdPartyConfigError/itemUsage')
  })

  it.each(['limit=1001', 'token=', 'token=!', 'token=AA', 'limit=1&limit=2'])('refuses ?%s', async query => {
    const { world, path } = await sourceWorld()
    expect((await world.get(`${path}/healthEvents?${query}`)).status).toBe(400)
  })

  it('answers 404 for a source that does not exist', async () => {
    const { world, sources } = await sourceWorld()
    expect((await world.get(`${sources}/1/healthEvents`)).status).toBe(404)
  })
})
