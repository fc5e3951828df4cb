import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Account, startAccount } from '../../infra/local/account/account.ts'
import { APIS } from '../../shared/contract/apis.ts'
import { aFault, healthAfter } from '../support/health.ts'
import { toReceivedEvent, wholeSecond } from '../support/local-system.ts'
import { failedTask, leasedTask, longNamedTask } from '../support/long-named-tasks.ts'
import { objectLines } from '../support/object-lines.ts'
import { type DeployedSystem, startDeployedSystem } from './deployed-system.ts'
import {
  COLLECTOR_ID,
  collectingTask,
  fieldSchemaItem,
  healthItems,
  newTask,
  registryItems,
  SOURCE_ID,
} from './first-deployment.ts'
import type { LambdaProcess } from './lambda-process.ts'
import { type StoredItems, storedItems } from './stored-items.ts'
import { type UrlAnswer, urlRequest } from './url-request.ts'

const START = wholeSecond(Date.now() - 86_400_000)
const TICK = { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }
const SOURCE = `collectors/${COLLECTOR_ID}/sources/${SOURCE_ID}`

let system: DeployedSystem
let account: Account
let stored: StoredItems
let cursor: string
let firstPage: string[]
let accountUuid: string

const AUDIT = { sourceId: SOURCE_ID, api: 'auditEvents' } as const
const auditTask = () => stored.get('TASKS_TABLE', AUDIT)

/** Reads the first page, as an earlier deployment may have done. */
async function readFirstPage(): Promise<void> {
  const response = await fetch(`${account.url}/api/v2/auditevents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${account.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ limit: 500, start_time: START }),
  })
  const page = (await response.json()) as { cursor: string; items: { uuid: string }[] }
  cursor = page.cursor
  firstPage = page.items.map(({ uuid }) => uuid)
}

async function readAccount(): Promise<void> {
  const headers = { authorization: `Bearer ${account.token}` }
  const response = await fetch(`${account.url}/api/v2/auth/introspect`, { headers })
  accountUuid = ((await response.json()) as { account_uuid: string }).account_uuid
}

const longNamed = () =>
  longNamedTask({ api: 'auditEvents', startTime: START, baseUrl: account.url, accountUuid }, cursor)

beforeEach(async () => {
  system = await startDeployedSystem()
  account = await startAccount({ seed: 'older', days: 2, clock: Date, eventsPerDay: 5_000 })
  stored = storedItems(system)
  await readFirstPage()
  await readAccount()
  await stored.put('REGISTRY_TABLE', ...registryItems(account.url, START), fieldSchemaItem)
  await stored.put('TASKS_TABLE', newTask('sign-in', START), collectingTask('auditEvents', START, cursor))
  await stored.secret(`OnePasswordSource/source/${SOURCE_ID}`, account.token)
}, 60_000)
afterEach(async () => {
  stored.close()
  await account.close()
  await system.close()
})

async function adminCalls() {
  const admin = await system.start('admin')
  const [secret] = [...system.emulator.secrets.values()]
  const { accessId, accessKey } = JSON.parse(secret?.versions.get(secret.current) ?? '{}')
  const authorization = `Basic ${Buffer.from(`${accessId}:${accessKey}`).toString('base64')}`
  return async (method: string, path: string, body?: object, ifMatch?: string) => {
    const request = urlRequest(method, path, {
      authorization,
      ...(body && { body }),
      ...(ifMatch && { ifMatch }),
    })
    const answer = (await admin.invoke(request)) as UrlAnswer
    const text = answer.body === '' ? '{}' : answer.body
    return { status: answer.statusCode, etag: answer.headers['etag'] ?? '', body: JSON.parse(text), admin }
  }
}

const due = (api: string) => ({
  detail: { collectorId: COLLECTOR_ID, sourceId: SOURCE_ID, api, reason: 'tick' },
})

const collected = (): string[] =>
  [...system.emulator.objects]
    .flatMap(([key, { body }]) => objectLines(key, body))
    .map(line => JSON.parse(toReceivedEvent(line)).uuid)

/** Each event after the first page once, in their order. */
function expectWhatFollows(): void {
  const all = [...account.events(APIS.auditEvents.feature, START)].map(text => JSON.parse(text).uuid)
  expect(firstPage).toHaveLength(500)
  expect(collected()).toEqual(all.slice(500, 500 + collected().length))
  expect(collected().length).toBeGreaterThan(400)
}

const dispatched = (): unknown[] => system.emulator.bus.take().map(({ detail }) => detail['api'])

describe('an item of the first deployments', () => {
  it.each([
    ['the first deployments', () => collectingTask('auditEvents', START, cursor)],
    ['the last that stored tasks under long names', longNamed],
  ])(
    'is dispatched and collected as %s left it, from its cursor and with the secret’s current token',
    async (_, item) => {
      await stored.put('TASKS_TABLE', item())
      const collect = await system.start('collect')
      expect(await collect.invoke(due('auditEvents'))).toMatchObject({ outcome: 'busy' })
      expect(await auditTask()).toEqual(item())
      const dispatch = await system.start('dispatch')
      await dispatch.invoke(TICK)
      expect(dispatched()).toEqual(['auditEvents', 'sign-in'])
      expect(await collect.invoke(due('auditEvents'))).toMatchObject({ outcome: 'drained' })
      expectWhatFollows()
      expect(await collect.invoke(due('sign-in'))).toMatchObject({ outcome: 'drained' })
      expect(await auditTask()).toMatchObject({ schema: 4, ch: 1, st: 'Collecting' })
      expect(Object.keys(await auditTask())).not.toContain('cursor')
    },
  )

  it('waits while a run of the earlier deployment has the lease', async () => {
    const item = leasedTask(longNamed(), Date.now() + 60_000)
    await stored.put('TASKS_TABLE', item)
    const dispatch = await system.start('dispatch')
    await dispatch.invoke(TICK)
    expect(dispatched()).toEqual(['sign-in'])
    expect(await auditTask()).toEqual(item)
    await stored.put('TASKS_TABLE', { ...item, leaseExpiresMs: Date.now() })
    await dispatch.invoke(TICK)
    const collect = await system.start('collect')
    expect(await collect.invoke(due('auditEvents'))).toMatchObject({ outcome: 'drained' })
    expectWhatFollows()
  })

  it('publishes once the health event that its last run did not publish, and then the recovery', async () => {
    await stored.put('TASKS_TABLE', failedTask(longNamed()))
    const dispatch = await system.start('dispatch')
    await dispatch.invoke(TICK)
    await dispatch.invoke(TICK)
    const collect = await system.start('collect')
    expect(await collect.invoke(due('auditEvents'))).toMatchObject({ outcome: 'drained' })
    const told = system.emulator.bus.take().filter(event => event['detail-type'] === 'Health-Change')
    expect(told.map(({ detail }) => detail['status'])).toEqual(['UnHealthy', 'Healthy'])
    expectWhatFollows()
  })

  it('is shown: collector, source, tasks, fields and health events', async () => {
    const [change] = healthAfter({ fault: aFault() }).untold ?? []
    const event = change?.event ?? { eventTime: '', eventId: '' }
    const recent = { ...event, eventTime: new Date().toISOString() }
    await stored.put('HEALTH_EVENTS_TABLE', ...healthItems(recent, 'ThirdPartyConfigError/sign-in'))
    const call = await adminCalls()
    expect((await call('GET', `/api/v1/collectors/${COLLECTOR_ID}`)).body.collector).toMatchObject({
      name: 'Local',
      destination: { type: 'lake' },
    })
    expect((await call('GET', `/api/v1/${SOURCE}`)).body.source).toMatchObject({
      config: { name: 'First', supported_apis: ['sign-in', 'auditEvents'] },
    })
    expect((await call('GET', `/api/v1/${SOURCE}/tasks`)).status).toBe(200)
    const fields = await call('GET', '/api/v1/fields')
    expect(fields.body.data).toContainEqual(expect.objectContaining({ fieldName: 'team' }))
    for (const path of [`/api/v1/${SOURCE}/healthEvents`, '/api/v1/healthEvents'])
      expect((await call('GET', path)).body.data).toEqual([
        expect.objectContaining({ eventId: recent.eventId }),
      ])
  })

  it('can be changed: a collector without a version, a name that nobody uses, a source', async () => {
    const call = await adminCalls()
    const path = `/api/v1/collectors/${COLLECTOR_ID}`
    const read = await call('GET', path)
    const collector = { ...read.body.collector, category: 'changed' }
    expect((await call('PUT', path, { collector }, read.etag)).status).toBe(200)
    expect((await call('PUT', path, { collector }, read.etag)).status).toBe(412)
    const source = await call('GET', `/api/v1/${SOURCE}`)
    const config = { ...source.body.source.config, name: 'Left', api_token: account.token }
    const changed = await call(
      'PUT',
      `/api/v1/${SOURCE}`,
      { source: { ...source.body.source, config } },
      source.etag,
    )
    expect(changed.status).toBe(200)
    expect(system.emulator.unknown).toEqual([])
    expect(
      await stored.get('REGISTRY_TABLE', { pk: `COLLECTOR#${COLLECTOR_ID}`, sk: 'SOURCE#0000000100000002' }),
    ).toMatchObject({ name: 'Left', tokenVersion: expect.stringMatching(/./) })
  })
})

describe('an item of a later deployment', () => {
  const later = (schema: number): RegExp =>
    new RegExp(
      `written by a later version of onepassword-source .schema ${schema}; this one reads up to ${schema - 1}.: deploy`,
    )
  const LATER = later(2)

  beforeEach(async () => {
    const dispatch = await system.start('dispatch')
    await dispatch.invoke(TICK)
    expect(await auditTask()).toMatchObject({ schema: 4 })
  })

  /** Removes what a lease changes before tasks are compared: owner, times, fence and date folder. */
  const withoutLease = (item: object) =>
    Object.fromEntries(Object.entries(item).filter(([name]) => !/^(lo|ls|lx|fe|pa)$/.test(name)))

  it('that is a task is neither collected nor dispatched, and stays unchanged', async () => {
    const task = { ...(await auditTask()), schema: 5, cu: { of: 'another kind' } }
    await stored.put('TASKS_TABLE', task)
    const collect = await system.start('collect')
    expect(await collect.invoke(due('auditEvents'))).toMatchObject({ outcome: 'busy' })
    const dispatch = await system.start('dispatch')
    await expect(dispatch.invoke(TICK)).rejects.toThrow(later(5))
    expect(withoutLease(await auditTask())).toEqual(withoutLease(task))
    expect(collected()).toEqual([])
  })

  it.each([
    ['collector', 0, `/api/v1/collectors/${COLLECTOR_ID}`],
    ['source', 1, `/api/v1/${SOURCE}`],
  ])('that is a %s is neither shown nor changed nor collected', async (_, index, path) => {
    const item = { ...registryItems(account.url, START)[index], schema: 2 }
    await stored.put('REGISTRY_TABLE', item)
    const call = await adminCalls()
    const read = await call('GET', path)
    expect(read.status).toBe(500)
    expect(read.admin.output()).toMatch(LATER)
    expect((await call('DELETE', path)).status).toBe(500)
    const collect: LambdaProcess = await system.start('collect')
    await expect(collect.invoke(due('auditEvents'))).rejects.toThrow(LATER)
    const { pk, sk } = item as { pk: string; sk: string }
    expect(await stored.get('REGISTRY_TABLE', { pk, sk })).toEqual(item)
  })

  it('that is the schema of fields prevents that events are delivered without their fields', async () => {
    const source = { ...registryItems(account.url, START)[1], fields: { team: 'red' } }
    await stored.put('REGISTRY_TABLE', source, { ...fieldSchemaItem, schema: 2 })
    const collect = await system.start('collect')
    const end = await collect.invoke(due('auditEvents')).catch(String)
    expect(JSON.stringify(end)).toMatch(LATER)
    expect(collected()).toEqual([])
  })
})
