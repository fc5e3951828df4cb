/** What one log line sends to CloudWatch about one metric. */
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

/** Thrown for metrics that CloudWatch would drop without saying so. The message says what is wrong with them. */
export class InvalidMetrics extends Error {
  override readonly name = 'InvalidMetrics'
}

function refuseUnless(condition: boolean, fault: string): asserts condition {
  if (!condition) throw new InvalidMetrics(fault)
}

const SIZES = ['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes']
const BITS = ['Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits']
const TIMES = ['Seconds', 'Microseconds', 'Milliseconds']

/** The units of CloudWatch's API (MetricDatum). */
const UNITS: ReadonlySet<string> = new Set([
  ...TIMES,
  ...[...SIZES, ...BITS, 'Count'].flatMap(unit => [unit, `${unit}/Second`]),
  'Percent',
  'None',
])

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function checkMembers(value: unknown, names: readonly string[], what: string): Members {
  refuseUnless(isMembers(value), `${what} is no object`)
  const other = Object.keys(value).find(name => !names.includes(name))
  refuseUnless(other === undefined, `${what} has the member ${other}, which the format does not know`)
  return value
}

function checkItems(value: unknown, most: number, what: string): readonly unknown[] {
  refuseUnless(Array.isArray(value) && value.length > 0, `${what} is no array with members`)
  refuseUnless(value.length <= most, `${what} has more than ${most} members`)
  return value
}

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

function readTimestamp(value: unknown, nowMs: number): number {
  refuseUnless(Number.isInteger(value), 'Timestamp is no whole number')
  const timestampMs = Number(value)
  const isNear = timestampMs >= nowMs - 14 * DAY_MS && timestampMs <= nowMs + 2 * HOUR_MS
  refuseUnless(isNear, 'Timestamp is more than 14 days ago or 2 hours ahead')
  return timestampMs
}

function readNamespace(value: unknown): string {
  const isNamespace = typeof value === 'string' && /^(?!AWS\/)[\w./#:-]{1,255}$/.test(value)
  refuseUnless(isNamespace, `Namespace ${JSON.stringify(value)} is none that may be sent`)
  return value
}

function readDimensions(names: unknown, record: Members): Record<string, string> {
  refuseUnless(
    Array.isArray(names) && names.length <= 30,
    'a set of dimensions is no array of at most 30 names',
  )
  return Object.fromEntries(
    names.map(name => {
      const value = record[String(name)]
      refuseUnless(typeof value === 'string' && value !== '', `the dimension ${name} has no text in the line`)
      return [String(name), value]
    }),
  )
}

function readValues(name: string, record: Members): readonly number[] {
  refuseUnless(Object.hasOwn(record, name), `the metric ${name} has no value in the line`)
  const values = checkItems([record[name]].flat(), 100, `the metric ${name}`)
  refuseUnless(values.every(Number.isFinite), `the metric ${name} has a value that is no number`)
  return values.map(Number)
}

function readMetric(value: unknown, record: Members) {
  const {
    Name,
    Unit = 'None',
    StorageResolution = 60,
  } = checkMembers(value, ['Name', 'Unit', 'StorageResolution'], 'a metric')
  refuseUnless(typeof Name === 'string' && Name !== '' && Name.length <= 1024, 'a metric has no name')
  refuseUnless(
    typeof Unit === 'string' && UNITS.has(Unit),
    `the metric ${Name} has the unit ${JSON.stringify(Unit)}`,
  )
  refuseUnless(
    [1, 60].includes(Number(StorageResolution)),
    `the metric ${Name} has no resolution of 1 or 60 s`,
  )
  return { name: Name, unit: Unit, values: readValues(Name, record) }
}

function readDirective(value: unknown, record: Members, timestampMs: number): MetricData[] {
  const { Namespace, Dimensions, Metrics } = checkMembers(
    value,
    ['Namespace', 'Dimensions', 'Metrics'],
    'a directive',
  )
  const namespace = readNamespace(Namespace)
  const sets = checkItems(Dimensions, 100, 'Dimensions').map(names => readDimensions(names, record))
  const metrics = checkItems(Metrics, 100, 'Metrics').map(metric => readMetric(metric, record))
  return sets.flatMap(dimensions =>
    metrics.map(metric => ({ namespace, dimensions, ...metric, timestampMs })),
  )
}

/**
 * Returns the metrics of a log line in the embedded metric format ("CloudWatch Embedded Metric Format Specification");
 * [] if it is another line. Throws InvalidMetrics if CloudWatch would accept none of them.
 */
export function readEmbeddedMetrics(record: Members, nowMs: number): readonly MetricData[] {
  if (!Object.hasOwn(record, '_aws')) return []
  const { Timestamp, CloudWatchMetrics } = checkMembers(
    record['_aws'],
    ['Timestamp', 'CloudWatchMetrics'],
    '_aws',
  )
  const timestampMs = readTimestamp(Timestamp, nowMs)
  return checkItems(CloudWatchMetrics, 100, 'CloudWatchMetrics').flatMap(each =>
    readDirective(each, record, timestampMs),
  )
}
