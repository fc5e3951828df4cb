import type { DeployedSystem } from '../deployed/deployed-system.ts'
import { cpuShare, limitCpu } from './cpu-share.ts'
import { startServer } from './server.ts'
import { rounded, table } from './statistics.ts'

/** What a tick of a table of so many tasks needs, with the CPU that the template's memory gives the function. */
export interface DispatchResult {
  readonly tasks: number
  /** Fewer, if a minute was over: other invocations would do the rest. */
  readonly published: number
  readonly seconds: number
  readonly cpuSeconds: number
  readonly peakMb: number
  readonly memoryMb: number
}

const SIZES = [20_000, 50_000, 100_000]

/** Milliseconds of a call of a table and of a call of the bus. */
const TABLE_MS = 8
const BUS_MS = 15

const TICK = {
  source: 'aws.events',
  'detail-type': 'Scheduled Event',
  time: new Date().toISOString(),
  detail: {},
}

/** Throws if a tick has published a task twice. */
async function countPublished(url: string): Promise<number> {
  const found = (await (await fetch(url)).json()) as { readonly published: number; readonly twice: number }
  if (found.twice > 0) throw new Error(`${found.twice} tasks were published twice`)
  return found.published
}

async function measureTick(system: DeployedSystem, tasks: number): Promise<DispatchResult> {
  const memoryMb = system.functions.find(({ name }) => name === 'dispatch')?.memoryMb ?? Number.NaN
  const server = await startServer('large-table-process.ts', [tasks, TABLE_MS, BUS_MS])
  const dispatch = await system.start('dispatch', { environment: { AWS_ENDPOINT_URL: server.url } })
  try {
    const before = dispatch.usage().cpuSeconds
    limitCpu(dispatch.pid, cpuShare(memoryMb))
    const started = performance.now()
    await dispatch.invoke(TICK)
    const seconds = rounded((performance.now() - started) / 1000)
    const { cpuSeconds, peakMb } = dispatch.usage()
    return {
      tasks,
      published: await countPublished(server.url),
      seconds,
      cpuSeconds: rounded(cpuSeconds - before),
      peakMb: Math.round(peakMb),
      memoryMb,
    }
  } finally {
    await dispatch.stop()
    await server.stop()
  }
}

/**
 * Measures the first tick of each table. It knows no tick before it, and so takes the fastest pace: later ones take
 * forty seconds.
 */
export async function measureDispatch(system: DeployedSystem): Promise<DispatchResult[]> {
  const measured: DispatchResult[] = []
  for (const tasks of SIZES) measured.push(await measureTick(system, tasks))
  return measured
}

export const dispatchTable = (measured: readonly DispatchResult[]): string =>
  table(
    [`tick with the CPU of ${measured[0]?.memoryMb} MB`, 'published', 'seconds', 'CPU s', 'MB'],
    measured.map(({ tasks, published, seconds, cpuSeconds, peakMb }) => [
      `${tasks} tasks`,
      published,
      seconds,
      cpuSeconds,
      peakMb,
    ]),
  )
