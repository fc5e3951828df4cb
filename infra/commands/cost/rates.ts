import { countTicks, type Sample } from './count-ticks.ts'
import { createUsage, minus, times, type Usage } from './usage.ts'

/** One call of PutEvents takes at most so many events. */
export const BUS_BATCH = 10

const READ_BYTES = 4096
const SCAN_PAGE_BYTES = 1024 * 1024
/** A scan may return an older state. Such a read costs half a unit. */
const READ_UNITS = 0.5

/**
 * What the parts of an ordinary day use. Reads of tokens are left out: they depend on what the environments remember.
 */
export interface Rates {
  /** One run that finds nothing. */
  readonly idleRun: Usage
  /** One run that delivers one page. The page's bytes are left out. */
  readonly pageRun: Usage
  /** Each further page of a run. */
  readonly furtherPage: Usage
  readonly objectSize: ObjectSize
  /** One run of dispatch. What grows with the number of tasks is left out. */
  readonly tick: Usage
  readonly taskBytes: number
  /** Size of the largest item written: above 1 KB a write costs two units. */
  readonly writtenBytes: number
  /** How many custom metrics the functions send. */
  readonly metrics: number
}

/** A compressed object of n events has about `bytes` + n × `eventBytes` bytes: events are alike, and so cost less together. */
interface ObjectSize {
  readonly bytes: number
  readonly eventBytes: number
}

interface Samples {
  readonly idle: Sample
  /** One page in every run. */
  readonly steady: Sample
  /** Several pages in every run. */
  readonly busy: Sample
}

/** Returns what one tick uses for its tasks: it reads all of them, and puts an event for each. */
export function taskUsage(tasks: number, taskBytes: number): Usage {
  const bytes = tasks * taskBytes
  const scans = Math.max(1, Math.ceil(bytes / SCAN_PAGE_BYTES))
  return createUsage({
    tableCalls: scans,
    readUnits: Math.max(READ_UNITS, Math.ceil(bytes / READ_BYTES) * READ_UNITS),
    busCalls: Math.ceil(tasks / BUS_BATCH),
    busEvents: tasks,
  })
}

const perRun = ({ collect, runs }: Sample): Usage => ({
  ...times(collect, 1 / runs),
  secretCalls: 0,
  objectBytes: 0,
})

/** Draws a line through the sizes of small and of large pages. */
function computeObjectSize({ steady, busy }: Samples): ObjectSize {
  const toPage = ({ collect, events, pages }: Sample) => ({
    bytes: collect.objectBytes / pages,
    events: events / pages,
  })
  const [small, large] = [toPage(steady), toPage(busy)]
  const eventBytes = (large.bytes - small.bytes) / (large.events - small.events)
  return { bytes: small.bytes - small.events * eventBytes, eventBytes }
}

function checkSamples({ idle, steady, busy }: Samples): void {
  const isRight = idle.pages === 0 && steady.pages === steady.runs && busy.pages > 2 * busy.runs
  if (isRight) return
  const pages = [idle, steady, busy].map(sample => `${sample.pages} in ${sample.runs} runs`)
  throw new Error(`The simulated days do not have the pages they should: ${pages.join(', ')}.`)
}

/** Throws if a sample is not what its name says. */
function computeRates(samples: Samples): Rates {
  checkSamples(samples)
  const { idle, steady, busy } = samples
  const pageRun = perRun(steady)
  const further = minus(perRun(busy), pageRun)
  const taskBytes = Math.max(idle.taskBytes, steady.taskBytes)
  return {
    idleRun: perRun(idle),
    pageRun,
    furtherPage: times(further, busy.runs / (busy.pages - busy.runs)),
    objectSize: computeObjectSize(samples),
    tick: minus(times(steady.dispatch, 1 / steady.ticks), taskUsage(steady.apis, taskBytes)),
    taskBytes,
    writtenBytes: Math.max(idle.writtenBytes, steady.writtenBytes, busy.writtenBytes),
    metrics: new Set([...idle.metrics, ...steady.metrics, ...busy.metrics]).size,
  }
}

/** Counts what the parts of a day use, with this template and a source that has so many APIs. */
export async function countRates(assemblyFolder: string, apis: number): Promise<Rates> {
  const common = { assemblyFolder, apis }
  return computeRates({
    idle: await countTicks({ ...common, eventsPerDay: 10, hour: 'silent', ticks: 6 }),
    steady: await countTicks({ ...common, eventsPerDay: 3_000, hour: 'working', ticks: 6 }),
    busy: await countTicks({ ...common, eventsPerDay: 400_000, hour: 'working', ticks: 3 }),
  })
}
