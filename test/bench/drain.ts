import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { API_NAMES } from '../../shared/contract/apis.ts'
import type { RunReport } from '../../shared/contract/log-messages.ts'
import { cpuShare, limitCpu } from './cpu-share.ts'
import type { Product } from './product.ts'
import { medianBy, rounded, table } from './statistics.ts'
import { startVendor, type Vendor } from './vendor.ts'

/** What a collector used to read and deliver everything that an account had. */
interface Drained {
  readonly cpuSeconds: number
  readonly seconds: number
  readonly peakMb: number
}

/** What is measured: how many events each API has, how many APIs, and how long a request takes. */
export interface DrainCase {
  readonly events: number
  readonly apis: 1 | 3
  readonly delayMs: number
  readonly rounds: number
  /** Whether each process has the CPU that the template's memory gives the function. */
  readonly isLimited?: true
}

export const DRAINS: readonly DrainCase[] = [
  { events: 100_000, apis: 1, delayMs: 0, rounds: 5 },
  { events: 100_000, apis: 1, delayMs: 20, rounds: 3 },
  { events: 100_000, apis: 1, delayMs: 100, rounds: 3 },
  { events: 100_000, apis: 3, delayMs: 0, rounds: 3 },
  { events: 100_000, apis: 1, delayMs: 50, rounds: 1, isLimited: true },
  { events: 1_000_000, apis: 1, delayMs: 0, rounds: 1 },
]

interface Limited extends DrainCase {
  readonly share: number
}

const BARE = join(import.meta.dirname, 'bare-process.ts')

async function drainBare(
  kind: 'parse' | 'gzip',
  { url }: Vendor,
  { apis, share }: Limited,
): Promise<Drained> {
  const urls = Array.from({ length: apis }, () => url)
  const running = promisify(execFile)(process.execPath, [BARE, kind, ...urls])
  limitCpu(running.child.pid, share)
  return JSON.parse((await running).stdout)
}

/** Each API has a process of its own, as in Lambda. The times are those of all together, the memory is the most of one. */
async function drainProduct(
  product: Product,
  { url }: Vendor,
  { events, apis, share }: Limited,
): Promise<Drained> {
  const due = await product.register(url, API_NAMES.slice(0, apis))
  const processes = await Promise.all(due.map(() => product.startCollect()))
  const before = processes.map(each => each.usage().cpuSeconds)
  for (const { pid } of processes) limitCpu(pid, share)
  const started = performance.now()
  const reports = await Promise.all(due.map((event, i) => processes[i]?.invoke(event) as Promise<RunReport>))
  const seconds = (performance.now() - started) / 1000
  const collected = reports.reduce((sum, report) => sum + report.events, 0)
  if (collected !== events * apis)
    throw new Error(`collected ${collected} events: ${JSON.stringify(reports)}`)
  const used = processes.map(each => each.usage())
  await Promise.all(processes.map(each => each.stop()))
  return {
    cpuSeconds: used.reduce((sum, each, i) => sum + each.cpuSeconds - (before[i] ?? 0), 0),
    peakMb: Math.max(...used.map(each => each.peakMb)),
    seconds,
  }
}

const KINDS = ['product', 'bareParse', 'bareGzip'] as const
type Kind = (typeof KINDS)[number]

/** Medians of one kind, per 100,000 events. */
function summarize(measured: readonly Drained[], { events, apis }: DrainCase) {
  const lakhs = (events * apis) / 100_000
  const seconds = medianBy(measured, one => one.seconds)
  return {
    cpuSecondsPer100000: rounded(medianBy(measured, one => one.cpuSeconds) / lakhs),
    eventsPerSecond: Math.round((events * apis) / seconds),
    peakMb: Math.round(medianBy(measured, one => one.peakMb)),
  }
}

function compare(each: Record<Kind, ReturnType<typeof summarize>>) {
  const cpu = (kind: Kind): number => each[kind].cpuSecondsPer100000
  return {
    efficiencyOfBareParse: rounded(cpu('bareParse') / cpu('product')),
    cpuOfBareGzip: rounded(cpu('product') / cpu('bareGzip')),
    speedOfBareParse: rounded(each.product.eventsPerSecond / each.bareParse.eventsPerSecond),
  }
}

export type DrainResult = DrainCase & {
  readonly ratios: ReturnType<typeof compare>
  readonly medians: Record<Kind, ReturnType<typeof summarize>>
}

/** Drains the same account by the product and by the bare pipelines, in turn, some times. */
export async function measureDrain(product: Product, given: DrainCase): Promise<DrainResult> {
  const vendor = await startVendor(given)
  const limited = { ...given, share: given.isLimited ? cpuShare(product.collectMemoryMb) : 1 }
  const measured: Record<Kind, Drained[]> = { product: [], bareParse: [], bareGzip: [] }
  try {
    for (let round = 0; round < given.rounds; round++) {
      measured.product.push(await drainProduct(product, vendor, limited))
      measured.bareParse.push(await drainBare('parse', vendor, limited))
      measured.bareGzip.push(await drainBare('gzip', vendor, limited))
    }
  } finally {
    await vendor.stop()
  }
  const medians = {
    product: summarize(measured.product, given),
    bareParse: summarize(measured.bareParse, given),
    bareGzip: summarize(measured.bareGzip, given),
  }
  return { ...given, ratios: compare(medians), medians }
}

export function drainTable(results: readonly DrainResult[]): string {
  const head = [
    'drain',
    'efficiency/parse',
    'CPU/gzip',
    'speed/parse',
    'CPU s: own',
    'parse',
    'gzip',
    'ev/s: own',
    'parse',
    'gzip',
    'MB: own',
    'parse',
    'gzip',
  ]
  const rows = results.map(({ events, apis, delayMs, isLimited, ratios, medians }) => [
    `${apis} x ${events} events, ${delayMs} ms${isLimited ? ', CPU as deployed' : ''}`,
    ratios.efficiencyOfBareParse,
    ratios.cpuOfBareGzip,
    ratios.speedOfBareParse,
    ...KINDS.map(kind => medians[kind].cpuSecondsPer100000),
    ...KINDS.map(kind => medians[kind].eventsPerSecond),
    ...KINDS.map(kind => medians[kind].peakMb),
  ])
  return table(head, rows)
}
