import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { healthEventsTable } from '../../shared/adapters/health-events-table.ts'
import { registryTable } from '../../shared/adapters/registry-table.ts'
import { systemRandom } from '../../shared/adapters/system.ts'
import { tasksTable } from '../../shared/adapters/tasks-table.ts'
import { fakeClock } from '../support/fakes/clock.ts'
import { type JsonService, type ServiceCall, startJsonService } from '../support/json-service.ts'

const TABLE = 'the-table'

let service: JsonService
let answer: object

beforeAll(async () => {
  service = await startJsonService(() => ({ body: answer }))
})
afterAll(() => service.close())
beforeEach(() => {
  answer = {}
  service.calls.length = 0
})

const openRegistry = () =>
  registryTable(new DynamoDBClient(service.client), TABLE, { clock: fakeClock(), random: systemRandom })
const openTasks = () => tasksTable(new DynamoDBClient(service.client), TABLE)
const openHealthEvents = () => healthEventsTable(new DynamoDBClient(service.client), TABLE)

const isConsistent = ({ input }: ServiceCall): boolean => {
  const batch = input['RequestItems'] as Record<string, { ConsistentRead?: boolean }> | undefined
  return (batch?.[TABLE] ?? input)['ConsistentRead'] === true
}

describe('a read that a decision depends on is consistent, and finds nothing in an empty answer', () => {
  it.each<[string, () => Promise<unknown>, unknown]>([
    ['a collector', () => openRegistry().collector(1), undefined],
    ['all collectors', () => openRegistry().collectors(), []],
    ['a source', () => openRegistry().source(1, 2), undefined],
    ['the sources of a collector', () => openRegistry().sources(1), []],
    ['a source with its collector', () => openRegistry().registered(1, 2), undefined],
    ['everything', () => openRegistry().everything(), { collectors: [], sources: [] }],
    ['a task', () => openTasks().read({ sourceId: 2, api: 'sign-in' }), undefined],
    ['the tasks of a source', () => openTasks().tasksOfSource(2), []],
    ['open health events', () => openHealthEvents().unresolved({ limit: 1 }), { events: [] }],
    ['a history', () => openHealthEvents().history(2, { limit: 1, since: 'a' }), { events: [] }],
  ])('of %s', async (_what, read, nothing) => {
    expect(await read()).toEqual(nothing)
    expect(service.calls.length).toBeGreaterThan(0)
    expect(service.calls.every(isConsistent)).toBe(true)
  })
})

describe('a scan of tasks', () => {
  const last = { sourceId: 7, api: 'sign-in' } as const
  const LastEvaluatedKey = { sourceId: { N: '7' }, api: { S: 'sign-in' } }

  it('begins at the beginning and says where it goes on', async () => {
    answer = { Items: [], LastEvaluatedKey }
    expect(await openTasks().scan({ segment: 3 })).toEqual({ tasks: [], last })
    expect(service.calls).toEqual([
      { operation: 'Scan', input: { TableName: TABLE, Segment: 3, TotalSegments: expect.any(Number) } },
    ])
  })

  it('goes on after a task, and says when it has come to its end', async () => {
    expect(await openTasks().scan({ after: last })).toEqual({ tasks: [] })
    expect(service.calls).toEqual([
      { operation: 'Scan', input: { TableName: TABLE, ExclusiveStartKey: LastEvaluatedKey } },
    ])
  })
})
