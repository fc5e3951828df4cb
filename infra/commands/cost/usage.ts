/** What a function uses of AWS and of 1Password: whatever is billed, or takes time. */
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
  /** As CloudWatch Logs counts them, with what it adds to each line. */
  'logBytes',
] as const

type Meter = (typeof METERS)[number]

/** An amount for each meter. */
export type Usage = Readonly<Record<Meter, number>>

const forEachMeter = (amount: (meter: Meter) => number): Usage =>
  Object.fromEntries(METERS.map(meter => [meter, amount(meter)])) as Record<Meter, number>

/** A meter that is not given is 0. */
export const createUsage = (amounts: Partial<Usage> = {}): Usage => forEachMeter(meter => amounts[meter] ?? 0)

export const sum = (...all: readonly Usage[]): Usage =>
  forEachMeter(meter => all.reduce((total, usage) => total + usage[meter], 0))

export const times = (usage: Usage, factor: number): Usage => forEachMeter(meter => usage[meter] * factor)

export const minus = (usage: Usage, other: Usage): Usage => sum(usage, times(other, -1))
