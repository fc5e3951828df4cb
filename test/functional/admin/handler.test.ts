import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Context } from 'aws-lambda'
import dynalite from 'dynalite'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { REGISTRY_KEY, TASKS_KEY } from '../../../shared/contract/table-keys.ts'
import { VARIABLES } from '../../../shared/contract/variables.ts'
import { ACCESS_KEY, COLLECTOR, sourceBody, TOKEN, toRequest } from './admin-world.ts'

const tables = dynalite({ createTableMs: 0 })
const output: string[] = []
const calls: { readonly operation: string; readonly input: Record<string, unknown> }[] = []

/** Secrets Manager and EventBridge as far as the function uses them. */
const services = createServer(async (request, response) => {
  const operation = String(request.headers['x-amz-target']).split('.')[1] ?? ''
  calls.push({ operation, input: JSON.parse(await text(request)) })
  const answers: Record<string, object> = {
    GetSecretValue: { SecretString: JSON.stringify(ACCESS_KEY) },
    CreateSecret: {},
    PutEvents: { FailedEntryCount: 0, Entries: [{ EventId: '1' }, { EventId: '2' }] },
  }
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
  response.end(JSON.stringify(answers[operation]))
})

async function listen(server: Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const toTableKeys = ({ partition, sort }: { partition: string; sort: string }, type: 'S' | 'N') =>
  ({
    KeySchema: [
      { AttributeName: partition, KeyType: 'HASH' },
      { AttributeName: sort, KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: partition, AttributeType: type },
      { AttributeName: sort, AttributeType: 'S' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  }) satisfies Partial<CreateTableCommandInput>

async function start() {
  const [dynamo, other] = await Promise.all([listen(tables), listen(services)])
  const environment = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'key',
    AWS_ENDPOINT_URL_DYNAMODB: dynamo,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: other,
    AWS_ENDPOINT_URL_EVENTBRIDGE: other,
    // as careless as an operator can be
    POWERTOOLS_LOG_LEVEL: 'DEBUG',
    POWERTOOLS_LOGGER_LOG_EVENT: 'true',
    [VARIABLES.tasksTable]: 'tasks',
    [VARIABLES.registryTable]: 'registry',
    [VARIABLES.healthEventsTable]: 'health-events',
    [VARIABLES.busName]: 'bus',
    [VARIABLES.tokenSecretPrefix]: 'stack/source/',
    [VARIABLES.accessKeySecret]: 'arn:key',
    [VARIABLES.adminAuth]: 'basic',
    [VARIABLES.allowedHosts]: '["events.1password.com"]',
  }
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  const client = new DynamoDBClient({})
  await client.send(new CreateTableCommand({ TableName: 'tasks', ...toTableKeys(TASKS_KEY, 'N') }))
  await client.send(new CreateTableCommand({ TableName: 'registry', ...toTableKeys(REGISTRY_KEY, 'S') }))
  client.destroy()
  return (await import('../../../functions/admin/handler.ts')).handler
}

let handler: Awaited<ReturnType<typeof start>>

beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation(chunk => Boolean(output.push(String(chunk))))
  }
  handler = await start()
})

afterAll(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  services.closeAllConnections()
  await Promise.all([tables, services].map(server => new Promise(resolve => server.close(resolve))))
})

const context = { awsRequestId: 'r', getRemainingTimeInMillis: () => 30_000 } as Context
const send = (call: Parameters<typeof toRequest>[0]) => handler(toRequest(call), context)

/** Registers a source in a collector of its own. */
async function register(name: string) {
  const { body = '' } = await send({
    method: 'POST',
    path: '/api/v1/collectors',
    body: { collector: { ...COLLECTOR.collector, name } },
  })
  const path = `/api/v1/collectors/${JSON.parse(body).collector.id}/sources`
  const created = await send({ method: 'POST', path, body: sourceBody({ fields: { b: '2', a: '1' } }) })
  return { created, source: JSON.parse(created.body ?? '').source, path }
}

const refusal = () => send({ method: 'GET', path: '/v1/collectors/1', headers: { Authorization: undefined } })

it('registers a source with the exported handler and the real adapters', async () => {
  const { created, source, path } = await register('whole')
  expect(created.statusCode).toBe(201)
  const got = await send({ method: 'GET', path: `${path}/${source.id}` })
  expect(JSON.parse(got.body ?? '').source).toEqual(source)
  expect(got.headers?.['etag']).toBe(created.headers?.['etag'])
  const [secret, events] = calls.filter(({ operation }) => operation !== 'GetSecretValue').slice(-2)
  expect(secret).toMatchObject({
    operation: 'CreateSecret',
    input: { Name: `stack/source/${source.id}`, SecretString: TOKEN },
  })
  expect(events).toMatchObject({ operation: 'PutEvents', input: { Entries: [{}, {}] } })
})

it('answers errors as JSON from the exported handler, which shows that it has all middleware', async () => {
  const { statusCode, body = '' } = await refusal()
  expect(statusCode).toBe(401)
  expect(JSON.parse(body)).toMatchObject({ code: 'unauthorized' })
})

it('logs neither token nor key nor authorization, even if it is set to log its events', async () => {
  await refusal()
  await register('logged')
  const logged = output.join('')
  expect(logged).toContain('admin call refused')
  expect(logged).not.toContain(TOKEN)
  expect(logged).not.toContain(ACCESS_KEY.accessKey)
  expect(logged).not.toMatch(/authorization/i)
})
