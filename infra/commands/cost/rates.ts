import { countTicks, type Sample } from './counted.ts'
import { minus, times, type Usage, usageOf } from './usage.ts'

/** One call of PutEvents takes no more. */
export const BUS_BATCH = 10

const READ_BYTES = 4096
const SCAN_PAGE_BYTES = 1024 * 1024
/** Of a read to which an older state will do, as a scan is. */
const READ_UNITS = 0.5

/** What the parts of an ordinary day come to. Tokens read are left out: that depends on what the environments remember. */
export interface Rates {
  /** One run that finds nothing. */
  readonly idleRun: Usage
  /** One run that delivers one page, without the page's bytes. */
  readonly pageRun: Usage
  /** Each further page of a run. */
  readonly furtherPage: Usage
  readonly eventBytes: number
  /** One run of dispatch, without what grows with the number of tasks. */
  readonly tick: Usage
  readonly taskBytes: number
  /** Of the largest item written: above 1 KB a write costs two units. */
  readonly writtenBytes: number
  readonly metrics: number
}

export interface Samples {
  readonly idle: Sample
  /** One page in every run. */
  readonly steady: Sample
  /** Several pages in every run. */
  readonly busy: Sample
}

/** What one tick does for its tasks: reads them all, and puts an event for each. */
export function taskUsage(tasks: number, taskBytes: number): Usage {
  const bytes = tasks * taskBytes
  const scans = Math.max(1, Math.ceil(bytes / SCAN_PAGE_BYTES))
  return usageOf({
    tableCalls: scans,
    readUnits: Math.max(READ_UNITS, Math.ceil(bytes / READ_BYTES) * READ_UNITS),
    busCalls: Math.ceil(tasks / BUS_BATCH),
    busEvents: tasks,
  })
}

const ofRuns = ({ collect, runs }: Sample): Usage => ({
  ...times(collect, 1 / runs),
  secretCalls: 0,
  objectBytes: 0,
})

function refuseOther({ idle, steady, busy }: Samples): void {
  const isAsWanted = idle.pages === 0 && steady.pages === steady.runs && busy.pages > 2 * busy.runs
  if (isAsWanted) return
  const pages = [idle, steady, busy].map(sample => `${sample.pages} in ${sample.runs} runs`)
  throw new Error(`The simulated days do not have the pages they should: ${pages.join(', ')}.`)
}

/** Throws if the samples are not what their names say. */
export function ratesOf(samples: Samples): Rates {
  refuseOther(samples)
  const { idle, steady, busy } = samples
  const pageRun = ofRuns(steady)
  const further = minus(ofRuns(busy), pageRun)
  const taskBytes = Math.max(idle.taskBytes, steady.taskBytes)
  return {
    idleRun: ofRuns(idle),
    pageRun,
    furtherPage: times(further, busy.runs / (busy.pages - busy.runs)),
    eventBytes: (steady.collect.objectBytes + busy.collect.objectBytes) / (steady.events + busy.events),
    tick: minus(times(steady.dispatch, 1 / steady.ticks), taskUsage(steady.apis, taskBytes)),
    taskBytes,
    writtenBytes: Math.max(idle.writtenBytes, steady.writtenBytes, busy.writtenBytes),
    metrics: new Set([...idle.metrics, ...steady.metrics, ...busy.metrics]).size,
  }
}

/** Counts, on the template as it is, what the parts of a day come to for sources with this many APIs. */
export async function countRates(assemblyFolder: string, apis: number): Promise<Rates> {
  const common = { assemblyFolder, apis }
  return ratesOf({
    idle: await countTicks({ ...common, eventsPerDay: 10, hour: 'silent', ticks: 6 }),
    steady: await countTicks({ ...common, eventsPerDay: 3_000, hour: 'working', ticks: 6 }),
    busy: await countTicks({ ...common, eventsPerDay: 400_000, hour: 'working', ticks: 3 }),
  })
}
