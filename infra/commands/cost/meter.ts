import type { Exchange, InterceptedCall, LogLine } from 'aws-emulator'
import { RUN_ENDED, type RunReport, TICK_ENDED } from '../../../shared/contract/log-messages.ts'
import { LOG_LINE_BYTES } from './assumptions.ts'
import { createUsage, sum, type Usage } from './usage.ts'

const BUS_CHUNK_BYTES = 64 * 1024

type FunctionName = 'collect' | 'dispatch'

type Attribute = Readonly<Record<string, unknown>>
type Item = Readonly<Record<string, Attribute>>

/** What was counted since the meter was created. */
export interface Reading {
  readonly collect: Usage
  readonly dispatch: Usage
  readonly pages: number
  readonly events: number
  /** Average size of a task's item, at the last scan of the table. */
  readonly taskBytes: number
  /** Size of the largest item that a write returned. */
  readonly writtenBytes: number
  /** Custom metrics on the log lines: namespace, dimensions and name. */
  readonly metrics: ReadonlySet<string>
}

interface Answer {
  readonly ConsumedCapacity?:
    | { readonly CapacityUnits: number }
    | readonly { readonly CapacityUnits: number }[]
  readonly Items?: readonly Item[]
  readonly Attributes?: Item
}

/** A container costs three bytes, and one for each element. */
const CONTAINER_BYTES = 3

const textBytes = (value: unknown): number => Buffer.byteLength(String(value))

function valueBytes(attribute: Attribute): number {
  const [[type, value] = ['NULL', true]] = Object.entries(attribute)
  if (type === 'N') return Math.ceil(textBytes(value) / 2) + 1
  if (type === 'BOOL' || type === 'NULL') return 1
  if (type === 'M') return CONTAINER_BYTES + Object.keys(value as Item).length + itemBytes(value as Item)
  if (type === 'L') {
    const elements = value as readonly Attribute[]
    return CONTAINER_BYTES + elements.reduce((bytes, element) => bytes + 1 + valueBytes(element), 0)
  }
  return textBytes(value)
}

/** Returns the size of an item as DynamoDB bills it, to within a few bytes: names and values. */
export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce((bytes, [name, value]) => bytes + textBytes(name) + valueBytes(value), 0)

const WRITES = /^(?:Put|Update|Delete)Item$/

const consumedUnits = ({ ConsumedCapacity: capacity = [] }: Answer): number =>
  [capacity].flat().reduce((units, { CapacityUnits }) => units + CapacityUnits, 0)

/** A write whose condition fails is billed as if it had been made. Its answer does not say how many units that is. */
const REFUSED_UNITS = 2

const parseAnswer = ({ answer }: Exchange): Answer => JSON.parse(String(answer.body ?? '{}')) as Answer

function tableUsage(action: string, exchange: Exchange): Usage {
  const answer = parseAnswer(exchange)
  if (!WRITES.test(action)) return createUsage({ tableCalls: 1, readUnits: consumedUnits(answer) })
  return createUsage({
    tableCalls: 1,
    writeUnits: exchange.answer.status === 200 ? consumedUnits(answer) : REFUSED_UNITS,
  })
}

function busUsage({ request }: Exchange): Usage {
  const { Entries } = JSON.parse(request.body.toString('utf8')) as { Entries: readonly object[] }
  const chunks = Entries.map(entry => Math.ceil(Buffer.byteLength(JSON.stringify(entry)) / BUS_CHUNK_BYTES))
  return createUsage({ busCalls: 1, busEvents: chunks.reduce((total, count) => total + count, 0) })
}

function callUsage({ service, action }: InterceptedCall, exchange: Exchange): Usage {
  if (service === 'dynamodb') return tableUsage(action, exchange)
  if (service === 'events') return busUsage(exchange)
  if (service === 'secretsmanager') return createUsage({ secretCalls: 1 })
  if (action === 'PutObject') return createUsage({ objectPuts: 1, objectBytes: exchange.request.body.length })
  return createUsage({ objectReads: 1 })
}

interface MetricDirective {
  readonly Namespace: string
  readonly Dimensions: readonly (readonly string[])[]
  readonly Metrics: readonly { readonly Name: string }[]
}

/** Returns the names of the custom metrics on a line in the embedded metric format. */
function metricNames(record: LogLine['record']): string[] {
  const { CloudWatchMetrics = [] } = (record['_aws'] ?? {}) as {
    CloudWatchMetrics?: readonly MetricDirective[]
  }
  return CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap(names => {
      const values = names.map(name => `${name}=${record[name]}`)
      return Metrics.map(({ Name }) => [Namespace, ...values, Name].join(' '))
    }),
  )
}

const isCounted = (name: string): name is FunctionName => name === 'collect' || name === 'dispatch'

/**
 * Counts what collect and dispatch do on a local stage. `shortName` turns a function's deployed name into `collect` or
 * `dispatch`.
 */
export function createMeter(shortName: (functionName: string) => string) {
  const usages = { collect: createUsage(), dispatch: createUsage() }
  const metrics = new Set<string>()
  const counts = { pages: 0, events: 0, taskBytes: 0, writtenBytes: 0 }

  function add(name: string, usage: Usage): void {
    if (isCounted(name)) usages[name] = sum(usages[name], usage)
  }

  return {
    observe(call: InterceptedCall, exchange: Exchange): void {
      add(shortName(call.functionName), callUsage(call, exchange))
      if (call.service !== 'dynamodb') return
      const { Items = [], Attributes } = parseAnswer(exchange)
      if (Attributes) counts.writtenBytes = Math.max(counts.writtenBytes, itemBytes(Attributes))
      if (call.action !== 'Scan') return
      const bytes = Items.reduce((total, item) => total + itemBytes(item), 0)
      counts.taskBytes = Items.length === 0 ? 0 : bytes / Items.length
    },
    onLog({ functionName, record }: LogLine): void {
      add(functionName, createUsage({ logBytes: Buffer.byteLength(JSON.stringify(record)) + LOG_LINE_BYTES }))
      for (const metric of metricNames(record)) metrics.add(metric)
      const { message } = record
      if (message !== RUN_ENDED && message !== TICK_ENDED) return
      add(functionName, createUsage({ invocations: 1 }))
      const { pages = 0, events = 0 } = record as Partial<RunReport>
      counts.pages += pages
      counts.events += events
    },
    /** Returns what was counted until now. `apiRequests` is the number of requests that the account has seen. */
    read: (apiRequests: number): Reading => ({
      ...usages,
      ...counts,
      collect: sum(usages.collect, createUsage({ apiRequests })),
      metrics: new Set(metrics),
    }),
  }
}

export type Meter = ReturnType<typeof createMeter>
