import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { toTaskItem } from '../../shared/adapters/task-attributes.ts'
import { COLLECTION_DUE } from '../../shared/contract/events.ts'
import { startLoopback } from '../support/loopback.ts'
import { sampleTask } from '../support/sample-task.ts'
import { cursorFor } from './pages.ts'

/*
 * A tasks table of any size and a bus, in a process of their own, which cost as little as possible. Arguments: how many
 * tasks there are, the milliseconds of a call of a table and of a call of the bus. Prints its address. GET returns how
 * many tasks were published, and how many of them more than once.
 */
const [tasks = '1000', tableMs = '0', busMs = '0'] = process.argv.slice(2)
const TASKS = Number(tasks)
const APIS = ['sign-in', 'itemUsage'] as const

/** What fits into a page of 1 MB. */
const PAGE_TASKS = 1_280

type Input = Readonly<Record<string, unknown>>
type Key = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>

const toKey = (n: number) => ({
  sourceId: { N: String(100_000_000 + Math.floor(n / APIS.length)) },
  api: { S: APIS[n % APIS.length] },
})

const toNumber = ({ sourceId, api }: Key): number =>
  (Number(sourceId?.N) - 100_000_000) * APIS.length + APIS.indexOf(api?.S as (typeof APIS)[number])

const NOW = new Date().toISOString()
const COLLECTING = toTaskItem(
  sampleTask({
    state: 'Collecting',
    stateSince: NOW,
    lastSuccessAt: NOW,
    introspected: 1,
    version: 1,
    cursor: cursorFor(1),
    pages: 100,
    events: 10_000,
    firstEventTime: NOW,
    lastEventTime: NOW,
  }),
)

function scan({ Segment = 0, TotalSegments = 1, ExclusiveStartKey }: Input): object {
  const size = TASKS / Number(TotalSegments)
  const [from, end] = [Math.floor(Number(Segment) * size), Math.floor((Number(Segment) + 1) * size)]
  const begin = ExclusiveStartKey ? toNumber(ExclusiveStartKey as Key) + 1 : from
  const count = Math.max(0, Math.min(PAGE_TASKS, end - begin))
  const Items = Array.from({ length: count }, (_, i) => ({ ...COLLECTING, ...toKey(begin + i) }))
  return { Items, Count: count, ...(begin + count < end && { LastEvaluatedKey: toKey(begin + count - 1) }) }
}

const published = new Map<string, number>()

interface Entry {
  readonly DetailType: string
  readonly Detail: string
}

function putEvents({ Entries }: Input): object {
  const entries = Entries as readonly Entry[]
  for (const { DetailType, Detail } of entries) {
    if (DetailType !== COLLECTION_DUE) continue
    const { sourceId, api } = JSON.parse(Detail)
    const name = `${sourceId}/${api}`
    published.set(name, (published.get(name) ?? 0) + 1)
  }
  return { FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: 'e' })) }
}

const progress = new Map<string, Input>()

const toProgressKey = ({ pk, sk }: Input): string => JSON.stringify([pk, sk])

function batchGet({ RequestItems }: Input): object {
  const found = Object.entries(RequestItems as Record<string, { readonly Keys: readonly Input[] }>).map(
    ([table, { Keys }]) => [table, Keys.flatMap(key => progress.get(toProgressKey(key)) ?? [])],
  )
  return { Responses: Object.fromEntries(found), UnprocessedKeys: {} }
}

function putItem({ Item }: Input): object {
  progress.set(toProgressKey(Item as Input), Item as Input)
  return {}
}

const OPERATIONS: Readonly<Record<string, (input: Input) => object>> = {
  Scan: scan,
  PutEvents: putEvents,
  BatchGetItem: batchGet,
  PutItem: putItem,
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request)
  if (request.method === 'GET') {
    const twice = [...published.values()].filter(times => times > 1).length
    return void response.end(JSON.stringify({ published: published.size, twice }))
  }
  const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? ''
  const found = OPERATIONS[operation]
  if (!found) throw new Error(`${operation} is not expected`)
  const answered = JSON.stringify(found(JSON.parse(body)))
  await sleep(Number(operation === 'PutEvents' ? busMs : tableMs))
  response.setHeader('content-type', 'application/x-amz-json-1.0')
  response.end(answered)
}

const server = await startLoopback((request, response) => {
  answer(request, response).catch(error => {
    console.error(error)
    response.destroy(error)
  })
})
process.stdout.write(server.url)
