import { isUnit } from './units.ts'

/** What CloudWatch would be sent of one metric by one log line. */
export interface MetricData {
  readonly namespace: string
  readonly dimensions: Readonly<Record<string, string>>
  readonly name: string
  readonly unit: string
  readonly values: readonly number[]
  /** Epoch milliseconds. */
  readonly timestampMs: number
}

type Members = Readonly<Record<string, unknown>>

/** CloudWatch drops such metrics without a word. */
export class InvalidMetrics extends Error {
  override readonly name = 'InvalidMetrics'
}

function must(condition: boolean, what: string): asserts condition {
  if (!condition) throw new InvalidMetrics(what)
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function exactly(value: unknown, names: readonly string[], what: string): Members {
  must(isMembers(value), `${what} is no object`)
  const other = Object.keys(value).find(name => !names.includes(name))
  must(other === undefined, `${what} has the member ${other}, which the format does not know`)
  return value
}

function items(value: unknown, most: number, what: string): readonly unknown[] {
  must(Array.isArray(value) && value.length > 0, `${what} is no array with members`)
  must(value.length <= most, `${what} has more than ${most} members`)
  return value
}

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

function timestampOf(value: unknown, nowMs: number): number {
  must(Number.isInteger(value), 'Timestamp is no whole number')
  const timestampMs = Number(value)
  const isNear = timestampMs >= nowMs - 14 * DAY_MS && timestampMs <= nowMs + 2 * HOUR_MS
  must(isNear, 'Timestamp is more than 14 days ago or 2 hours ahead')
  return timestampMs
}

function namespaceOf(value: unknown): string {
  const isNamespace = typeof value === 'string' && /^(?!AWS\/)[\w./#:-]{1,255}$/.test(value)
  must(isNamespace, `Namespace ${JSON.stringify(value)} is none that may be sent`)
  return value
}

function dimensionsOf(names: unknown, record: Members): Record<string, string> {
  must(Array.isArray(names) && names.length <= 30, 'a set of dimensions is no array of at most 30 names')
  return Object.fromEntries(
    names.map(name => {
      const value = record[String(name)]
      must(typeof value === 'string' && value !== '', `the dimension ${name} has no text in the line`)
      return [String(name), value]
    }),
  )
}

function valuesOf(name: string, record: Members): readonly number[] {
  must(Object.hasOwn(record, name), `the metric ${name} has no value in the line`)
  const values = items([record[name]].flat(), 100, `the metric ${name}`)
  must(values.every(Number.isFinite), `the metric ${name} has a value that is no number`)
  return values.map(Number)
}

function metricOf(value: unknown, record: Members) {
  const {
    Name,
    Unit = 'None',
    StorageResolution = 60,
  } = exactly(value, ['Name', 'Unit', 'StorageResolution'], 'a metric')
  must(typeof Name === 'string' && Name !== '' && Name.length <= 1024, 'a metric has no name')
  must(typeof Unit === 'string' && isUnit(Unit), `the metric ${Name} has the unit ${JSON.stringify(Unit)}`)
  must([1, 60].includes(Number(StorageResolution)), `the metric ${Name} has no resolution of 1 or 60 s`)
  return { name: Name, unit: Unit, values: valuesOf(Name, record) }
}

function directive(value: unknown, record: Members, timestampMs: number): MetricData[] {
  const { Namespace, Dimensions, Metrics } = exactly(
    value,
    ['Namespace', 'Dimensions', 'Metrics'],
    'a directive',
  )
  const namespace = namespaceOf(Namespace)
  const sets = items(Dimensions, 100, 'Dimensions').map(names => dimensionsOf(names, record))
  const metrics = items(Metrics, 100, 'Metrics').map(metric => metricOf(metric, record))
  return sets.flatMap(dimensions =>
    metrics.map(metric => ({ namespace, dimensions, ...metric, timestampMs })),
  )
}

/**
 * The metrics that a log line carries in the embedded metric format ("CloudWatch Embedded Metric Format Specification"),
 * none if it is another line. Throws InvalidMetrics where CloudWatch would take none of them.
 */
export function embeddedMetrics(record: Members, nowMs: number): readonly MetricData[] {
  if (!Object.hasOwn(record, '_aws')) return []
  const { Timestamp, CloudWatchMetrics } = exactly(record['_aws'], ['Timestamp', 'CloudWatchMetrics'], '_aws')
  const timestampMs = timestampOf(Timestamp, nowMs)
  return items(CloudWatchMetrics, 100, 'CloudWatchMetrics').flatMap(each =>
    directive(each, record, timestampMs),
  )
}
