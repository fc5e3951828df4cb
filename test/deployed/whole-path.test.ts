import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, startAccount } from '../../infra/local/account/account.ts'
import { API_NAMES, APIS, type Api } from '../../shared/contract/apis.ts'
import { COLLECTION_DUE, SOURCE_STOPPING } from '../../shared/contract/events.ts'
import { toReceivedEvent, wholeSecond } from '../support/local-system.ts'
import { objectLines } from '../support/object-lines.ts'
import { coldStarts, coldStartTable } from './cold-start.ts'
import { type DeployedSystem, startDeployedSystem } from './deployed-system.ts'
import type { BusEvent } from './emulator/event-bus.ts'
import { type LambdaProcess, startLambda } from './lambda-process.ts'
import { type UrlAnswer, urlRequest } from './url-request.ts'

const TICK = { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }
const START = wholeSecond(Date.now() - 86_400_000)

let system: DeployedSystem
let account: Account
let admin: LambdaProcess
let dispatch: LambdaProcess
let collect: LambdaProcess

beforeAll(async () => {
  system = await startDeployedSystem()
  account = await startAccount({ seed: 'deployed', days: 2, clock: Date, eventsPerDay: 5_000 })
  admin = await system.start('admin')
  dispatch = await system.start('dispatch')
  collect = await system.start('collect')
}, 120_000)
afterAll(async () => {
  await account.close()
  await system.close()
})

function authorization(): string {
  const [secret] = [...system.emulator.secrets.values()]
  const { accessId, accessKey } = JSON.parse(secret?.versions.get(secret.current) ?? '{}')
  return `Basic ${Buffer.from(`${accessId}:${accessKey}`).toString('base64')}`
}

async function call(method: string, path: string, body?: object) {
  const request = urlRequest(method, `/api/v1/${path}`, {
    authorization: authorization(),
    ...(body && { body }),
  })
  const { statusCode, body: text } = (await admin.invoke(request)) as UrlAnswer
  return { statusCode, body: text === '' ? {} : JSON.parse(text) }
}

const ofType = (type: string, events: readonly BusEvent[]) =>
  events.filter(event => event['detail-type'] === type)

/** The items in the lake as they were received. */
const delivered = (api: Api): string[] =>
  [...system.emulator.objects]
    .filter(([key]) => key.startsWith(`events/api=${api}/`))
    .flatMap(([key, { body }]) => objectLines(key, body))
    .map(toReceivedEvent)
    .sort()

const offered = (api: Api): string[] => [...account.events(APIS[api].feature, START)].sort()

describe('the deployed bundles, each a process with nothing but its environment', () => {
  let source: string

  it('start within seconds', async () => {
    const measured = await coldStarts(system)
    process.stdout.write(`\n${coldStartTable(measured)}\n`)
    expect(measured.map(({ name }) => name).sort()).toEqual(['admin', 'collect', 'dispatch'])
    for (const { bundleBytes, firstAnswerMs } of measured) {
      expect(bundleBytes).toBeLessThan(1024 * 1024)
      expect(firstAnswerMs).toBeLessThan(15_000)
    }
  })

  it.each(['admin', 'collect', 'dispatch'])(
    'do not start %s without a table that it needs, and name the table',
    async name => {
      const deployed = system.functions.find(each => each.name === name)
      if (!deployed) throw new Error('there is no such function')
      const { TASKS_TABLE: _, ...environment } = deployed.environment
      const started = startLambda(deployed, { ...environment, AWS_REGION: 'eu-central-1' })
      await expect(started).rejects.toThrow('The environment lacks TASKS_TABLE.')
    },
  )

  it('register a source: they create a secret for its token, and each of its APIs is due at once', async () => {
    const collector = await call('POST', 'collectors', {
      collector: { collectorType: 'Hosted', name: 'Deployed' },
    })
    expect(collector.statusCode).toBe(201)
    const config = {
      name: 'One',
      base_url: account.url,
      api_token: account.token,
      supported_apis: API_NAMES,
      start_time: START,
    }
    const sources = `collectors/${collector.body.collector.id}/sources`
    const created = await call('POST', sources, {
      source: { sourceType: 'Universal', schemaRef: { type: '1Password' }, config },
    })
    expect(created.statusCode).toBe(201)
    source = `${sources}/${created.body.source.id}`
    const secret = system.emulator.secrets.get(`OnePasswordSource/source/${created.body.source.id}`)
    expect([...(secret?.versions.values() ?? [])]).toEqual([account.token])
    expect(ofType(COLLECTION_DUE, system.emulator.bus.take()).map(({ detail }) => detail['api'])).toEqual([
      ...API_NAMES,
    ])
  })

  it('refuse a wrong key', async () => {
    const request = urlRequest('GET', '/api/v1/collectors', { authorization: `${authorization()}A` })
    expect(await admin.invoke(request)).toMatchObject({ statusCode: 401 })
  })

  it('dispatch every task at the tick, and invoke collect only', async () => {
    await dispatch.invoke(TICK)
    const due = ofType(COLLECTION_DUE, system.emulator.bus.take())
    expect(due.map(({ detail: { api, reason } }) => `${api} ${reason}`).sort()).toEqual(
      API_NAMES.map(api => `${api} tick`).sort(),
    )
    for (const event of due) expect(system.listeners(event)).toEqual(['collect'])
  })

  it('collect every event of the account once and token for token', async () => {
    await dispatch.invoke(TICK)
    const due = ofType(COLLECTION_DUE, system.emulator.bus.take())
    const before = new Map(API_NAMES.map(api => [api, offered(api)]))
    // The bus may hand an event over twice.
    for (const event of [...due, ...due])
      expect(await collect.invoke(event)).toMatchObject({ outcome: 'drained' })
    for (const api of API_NAMES) {
      const lines = delivered(api)
      expect(lines.length).toBeGreaterThan(1_000)
      expect(new Set(lines).size).toBe(lines.length)
      expect(new Set(lines).isSupersetOf(new Set(before.get(api)))).toBe(true)
      expect(new Set(offered(api)).isSupersetOf(new Set(lines))).toBe(true)
    }
    expect((await call('GET', source)).body.source.state).toMatchObject({ state: 'Collecting' })
  })

  it('show the refusal of the account, and stop', async () => {
    account.setMode('401')
    await dispatch.invoke(TICK)
    const [event] = ofType(COLLECTION_DUE, system.emulator.bus.take())
    expect(await collect.invoke(event)).toMatchObject({
      outcome: 'failed',
      error: { type: 'ThirdPartyConfig' },
    })
    account.setMode('ok')
    expect((await call('GET', source)).body.source.state).toMatchObject({
      state: 'Error',
      errorType: 'THIRD-PARTY-CONFIG',
    })
    expect(ofType('Health-Change', system.emulator.bus.take())).toHaveLength(1)
  })

  it('delete the source, and its secret with it', async () => {
    expect(await call('DELETE', source)).toMatchObject({ statusCode: 200 })
    const [stopping] = ofType(SOURCE_STOPPING, system.emulator.bus.take()) as [BusEvent]
    expect(system.listeners(stopping)).toEqual(['dispatch'])
    await dispatch.invoke(stopping)
    expect((await call('GET', source)).statusCode).toBe(404)
    expect([...system.emulator.secrets.keys()].filter(name => name.includes('/source/'))).toEqual([])
  })

  it('make only calls that AWS knows, and log no secret', () => {
    expect(system.emulator.unknown).toEqual([])
    const output = [admin, dispatch, collect].map(lambda => lambda.output()).join('')
    expect(output).toContain('tick ended')
    expect(output).not.toContain(account.token)
  })
})
