import type { Exchange, InterceptedCall, LogLine } from 'aws-emulator'
import { RUN_ENDED, type RunReport, TICK_ENDED } from '../../../shared/contract/log-messages.ts'
import { LOG_LINE_BYTES } from './assumptions.ts'
import { type Item, itemBytes } from './item-bytes.ts'
import { sum, type Usage, usageOf } from './usage.ts'

const BUS_CHUNK_BYTES = 64 * 1024

type FunctionName = 'collect' | 'dispatch'

/** What was counted since the meter was made. */
export interface Reading {
  readonly collect: Usage
  readonly dispatch: Usage
  readonly pages: number
  readonly events: number
  /** Of one task's item, at the last scan of the table. */
  readonly taskBytes: number
  /** Of the largest item that a write answered with. */
  readonly writtenBytes: number
  /** Custom metrics that the logs carry: namespace, dimensions and name. */
  readonly metrics: ReadonlySet<string>
}

interface Answer {
  readonly ConsumedCapacity?:
    | { readonly CapacityUnits: number }
    | readonly { readonly CapacityUnits: number }[]
  readonly Items?: readonly Item[]
  readonly Attributes?: Item
}

const WRITES = /^(?:Put|Update|Delete)Item$/

const unitsOf = ({ ConsumedCapacity: capacity = [] }: Answer): number =>
  [capacity].flat().reduce((units, { CapacityUnits }) => units + CapacityUnits, 0)

/** A write whose condition fails is billed as if it had been made, and its answer does not tell what that is. */
const REFUSED_UNITS = 2

const answerOf = ({ answer }: Exchange): Answer => JSON.parse(String(answer.body ?? '{}')) as Answer

function tableUsage(action: string, exchange: Exchange): Usage {
  const answer = answerOf(exchange)
  if (!WRITES.test(action)) return usageOf({ tableCalls: 1, readUnits: unitsOf(answer) })
  return usageOf({
    tableCalls: 1,
    writeUnits: exchange.answer.status === 200 ? unitsOf(answer) : REFUSED_UNITS,
  })
}

function busUsage({ request }: Exchange): Usage {
  const { Entries } = JSON.parse(request.body.toString('utf8')) as { Entries: readonly object[] }
  const chunks = Entries.map(entry => Math.ceil(Buffer.byteLength(JSON.stringify(entry)) / BUS_CHUNK_BYTES))
  return usageOf({ busCalls: 1, busEvents: chunks.reduce((total, count) => total + count, 0) })
}

function callUsage({ service, action }: InterceptedCall, exchange: Exchange): Usage {
  if (service === 'dynamodb') return tableUsage(action, exchange)
  if (service === 'events') return busUsage(exchange)
  if (service === 'secretsmanager') return usageOf({ secretCalls: 1 })
  if (action === 'PutObject') return usageOf({ objectPuts: 1, objectBytes: exchange.request.body.length })
  return usageOf({ objectReads: 1 })
}

interface MetricDirective {
  readonly Namespace: string
  readonly Dimensions: readonly (readonly string[])[]
  readonly Metrics: readonly { readonly Name: string }[]
}

/** Names of the custom metrics of a line in the embedded metric format. */
function metricsOf(record: LogLine['record']): string[] {
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

/** Counts what collect and dispatch do on a local stage. `nameOf`: `collect` for that function's name in the deployment. */
export function createMeter(nameOf: (functionName: string) => string) {
  const usages = { collect: usageOf(), dispatch: usageOf() }
  const metrics = new Set<string>()
  const counts = { pages: 0, events: 0, taskBytes: 0, writtenBytes: 0 }

  function add(name: string, usage: Usage): void {
    if (isCounted(name)) usages[name] = sum(usages[name], usage)
  }

  return {
    observe(call: InterceptedCall, exchange: Exchange): void {
      add(nameOf(call.functionName), callUsage(call, exchange))
      if (call.service !== 'dynamodb') return
      const { Items = [], Attributes } = answerOf(exchange)
      if (Attributes) counts.writtenBytes = Math.max(counts.writtenBytes, itemBytes(Attributes))
      if (call.action !== 'Scan') return
      const bytes = Items.reduce((total, item) => total + itemBytes(item), 0)
      counts.taskBytes = Items.length === 0 ? 0 : bytes / Items.length
    },
    onLog({ functionName, record }: LogLine): void {
      add(functionName, usageOf({ logBytes: Buffer.byteLength(JSON.stringify(record)) + LOG_LINE_BYTES }))
      for (const metric of metricsOf(record)) metrics.add(metric)
      const { message } = record
      if (message !== RUN_ENDED && message !== TICK_ENDED) return
      add(functionName, usageOf({ invocations: 1 }))
      const { pages = 0, events = 0 } = record as Partial<RunReport>
      counts.pages += pages
      counts.events += events
    },
    /** What was counted until now, with the requests that the account has seen. */
    read: (apiRequests: number): Reading => ({
      ...usages,
      ...counts,
      collect: sum(usages.collect, usageOf({ apiRequests })),
      metrics: new Set(metrics),
    }),
  }
}

export type Meter = ReturnType<typeof createMeter>
