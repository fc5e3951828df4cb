import { randomFrom } from '../../infra/local/account/random.ts'
import type { Destination, Destinations, EventBatch } from '../../shared/destination-ports.ts'
import {
  type DestinationFact,
  DestinationFailure,
  isDestinationFailure,
} from '../../shared/domain/destination/destination-failure.ts'
import { type Item, toItemText } from '../../shared/domain/stream/item.ts'
import { TOKEN_SECRET } from './accounts.ts'
import { outageMs } from './aws-outages.ts'
import type { FaultPlan } from './fault-plan.ts'
import type { Fault } from './faults.ts'
import { awsCall, type Process, type Surroundings } from './process.ts'
import type { Scenario } from './scenario.ts'
import { taskName } from './stores.ts'

/** The destination of the one collector beside the lake. */
export interface SimulatedDestination {
  /** Whether events go there, and whether they are in the lake, too. */
  readonly isOn: boolean
  readonly hasLake: boolean
  /** Whether it has an event of a stream, to the letter. */
  has(stream: string, text: string): boolean
  /** Is called for each event that it takes. */
  onEvent: (stream: string, text: string) => void
  /** How often an event came that it had already. */
  readonly repeated: number
  portFor(process: Process): Destinations
}

interface Window {
  readonly beginMs: number
  readonly endMs: number
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** Just below and just above the 90 minutes of an episode. */
const EDGES_MS = [89 * MINUTE_MS, 95 * MINUTE_MS] as const

/** Times in which it takes nothing: some are just shorter than an episode, and some just longer. */
function createWindows(
  plan: FaultPlan,
  fault: Fault,
  { seed, fromMs, quietMs }: Scenario,
): readonly Window[] {
  if (!plan.active.has(fault)) return []
  const random = randomFrom(seed, fault)
  const count = Math.ceil((random.pick([1, 3]) * (quietMs - fromMs)) / DAY_MS)
  return Array.from({ length: count }, () => {
    plan.count(fault)
    const beginMs = fromMs + random.fraction() * (quietMs - fromMs)
    const lengthMs = random.chance(0.5) ? random.pick(EDGES_MS) : outageMs(random)
    return { beginMs, endMs: Math.min(beginMs + lengthMs, quietMs) }
  })
}

const isWithin = (windows: readonly Window[], nowMs: number): boolean =>
  windows.some(({ beginMs, endMs }) => beginMs <= nowMs && nowMs < endMs)

/** It repeats its own credential, which must show nowhere. */
const said = (text: string): string => `${text}: /receiver/v1/http/${TOKEN_SECRET}`

const UNAVAILABLE: DestinationFact = { reason: 'unavailable', status: 503, said: said('not now') }
const REFUSED: DestinationFact = { reason: 'refused', status: 401, said: said('no such source') }

/** A batch has so many events at most. */
export const BATCH_EVENTS = 40

type Take = (items: readonly Item[]) => void

/** How a batch can go wrong. Each of them throws, or takes its time. */
const MISHAPS: readonly ((batch: EventBatch, take: Take, process: Process) => Promise<void>)[] = [
  async () => {
    throw new DestinationFailure(UNAVAILABLE)
  },
  async ({ items }, take) => {
    take(items)
    throw new DestinationFailure(UNAVAILABLE)
  },
  async ({ items }, take) => {
    const half = items.length >> 1
    take(items.slice(0, half))
    throw new DestinationFailure(UNAVAILABLE, { left: items.slice(half) })
  },
  async ({ items }, take) => {
    take(items.slice(items.length >> 1))
    throw new DestinationFailure({ reason: 'unavailable', status: 408 })
  },
  async (_, __, process) => {
    const retryAfterMs = Math.floor(process.random.fraction() * 10 * MINUTE_MS)
    throw new DestinationFailure({ reason: 'unavailable', status: 429 }, { retryAfterMs })
  },
  async ({ items }, take, process) => {
    await process.clock.sleep(process.random.fraction() * 30_000)
    take(items)
  },
]

export function createDestination(world: Surroundings, scenario: Scenario): SimulatedDestination {
  const { plan, timeline, trace } = world
  const outages = createWindows(plan, 'destination-outages', scenario)
  const refusals = createWindows(plan, 'destination-refusals', scenario)
  const received = new Map<string, Map<string, number>>()
  const state = { repeated: 0 }

  function takeFrom(batch: EventBatch, process: Process): Take {
    const stream = taskName({ sourceId: batch.described.source.id, api: batch.api })
    const texts = received.get(stream) ?? new Map<string, number>()
    received.set(stream, texts)
    return items => {
      trace.note(process.name, `the destination takes ${items.length}`)
      for (const text of items.map(toItemText)) {
        const count = texts.get(text) ?? 0
        if (count > 0) state.repeated++
        texts.set(text, count + 1)
        destination.onEvent(stream, text)
      }
    }
  }

  async function deliver(process: Process, batch: EventBatch): Promise<void> {
    if (isWithin(refusals, timeline.now())) throw new DestinationFailure(REFUSED)
    if (isWithin(outages, timeline.now())) throw new DestinationFailure(UNAVAILABLE)
    const take = takeFrom(batch, process)
    if (!destination.hasLake) plan.count('lake-off')
    if (!plan.strikes('destinations')) return take(batch.items)
    await plan.random('destinations').pick(MISHAPS)(batch, take, process)
  }

  /** What an adapter throws for a connection that fails. */
  const toFailure = (error: unknown): DestinationFailure =>
    isDestinationFailure(error) ? error : new DestinationFailure(UNAVAILABLE, { cause: error })

  const createPort = (process: Process): Destination => ({
    limits: { maxEvents: BATCH_EVENTS, maxBytes: 20_000, measure: ({ json }) => json.length + 1 },
    secrets: [TOKEN_SECRET],
    async deliver(batch) {
      try {
        await awsCall(world, process, 'destination.deliver', () => deliver(process, batch))
      } catch (error) {
        throw toFailure(error)
      }
    },
  })

  const destination: SimulatedDestination = {
    isOn: plan.active.has('destinations'),
    hasLake: !plan.active.has('lake-off'),
    has: (stream, text) => received.get(stream)?.has(text) ?? false,
    onEvent: () => undefined,
    get repeated() {
      return state.repeated
    },
    portFor: process => ({
      open: () => awsCall(world, process, 'destination.open', async () => createPort(process)),
      forget: () => undefined,
    }),
  }
  return destination
}
