/** What is billed, or takes time, of what a function does. */
const METERS = [
  'invocations',
  'tableCalls',
  'writeUnits',
  'readUnits',
  'objectPuts',
  'objectReads',
  'objectBytes',
  'secretCalls',
  'busCalls',
  /** In chunks of 64 KB, as EventBridge counts them. */
  'busEvents',
  'apiRequests',
  /** As CloudWatch Logs counts them, with what it adds for each line. */
  'logBytes',
] as const

type Meter = (typeof METERS)[number]

/** Amounts by meter. */
export type Usage = Readonly<Record<Meter, number>>

const each = (amount: (meter: Meter) => number): Usage =>
  Object.fromEntries(METERS.map(meter => [meter, amount(meter)])) as Record<Meter, number>

export const usageOf = (amounts: Partial<Usage> = {}): Usage => each(meter => amounts[meter] ?? 0)

export const sum = (...all: readonly Usage[]): Usage =>
  each(meter => all.reduce((total, usage) => total + usage[meter], 0))

export const times = (usage: Usage, factor: number): Usage => each(meter => usage[meter] * factor)

export const minus = (usage: Usage, other: Usage): Usage => sum(usage, times(other, -1))
