const SIZES = ['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes']
const BITS = ['Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits']
const TIMES = ['Seconds', 'Microseconds', 'Milliseconds']

/** Of CloudWatch's API, MetricDatum. */
const UNITS: ReadonlySet<string> = new Set([
  ...TIMES,
  ...[...SIZES, ...BITS, 'Count'].flatMap(unit => [unit, `${unit}/Second`]),
  'Percent',
  'None',
])

export const isUnit = (unit: string): boolean => UNITS.has(unit)
