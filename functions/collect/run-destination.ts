import { HAND_OVER_ATTEMPTS, HAND_OVER_ENDS_MS, HAND_OVER_REQUEST_MS } from '../../shared/contract/timing.ts'
import type { Destination, EventBatch } from '../../shared/destination-ports.ts'
import {
  type DestinationFailure,
  isDestinationFailure,
} from '../../shared/domain/destination/destination-failure.ts'
import { cutBatches, LARGE_EVENT_BYTES } from '../../shared/domain/destination/event-batch.ts'
import { createFailure, type RunFailure, toFailure } from '../../shared/domain/failure/failure.ts'
import { maskText } from '../../shared/domain/failure/masking.ts'
import type { Collector, OutsideDestination } from '../../shared/domain/source/source.ts'
import { jitteredMs } from '../../shared/domain/stream/back-off.ts'
import type { Item } from '../../shared/domain/stream/item.ts'
import type { CollectPorts } from './collect-ports.ts'

/** How many events a run has handed to the destination. One that was sent again counts each time. */
export interface HandOverCounts {
  readonly handedOver: number
  readonly handedOverAgain: number
  readonly refused: number
  /** Of the events handed over, those that are larger than most destinations take in one piece. */
  readonly large: number
}

/** What a batch holds beside its events. */
export type BatchContext = Omit<EventBatch, 'items'>

/** The destination of a run's collector beside the lake. It is opened when there are events for it. */
export interface RunDestination {
  /** What no output may show. */
  readonly secrets: readonly string[]
  readonly counts: HandOverCounts
  /** Returns when all events are durable there. Throws RunFailure. Some events may have been taken all the same. */
  handOver(items: readonly Item[], context: BatchContext): Promise<void>
}

interface DestinationParts extends Pick<CollectPorts, 'clock' | 'random' | 'log' | 'destinations'> {
  readonly setting: OutsideDestination
  readonly collector: Collector
  /** Epoch milliseconds at which the function is stopped. */
  readonly deadlineMs: number
}

/** A batch is given up with this failure. */
function toRunFailure(
  { setting: { type }, collector }: DestinationParts,
  failure: DestinationFailure,
): RunFailure {
  const { fact, retryAfterMs } = failure
  const trouble = { kind: 'destination', type, collectorName: collector.name, fact } as const
  return createFailure(trouble, { cause: failure, ...(retryAfterMs > 0 && { retryAfterMs }) })
}

export function createRunDestination(parts: DestinationParts): RunDestination {
  const { clock, random, log, destinations, setting, deadlineMs } = parts
  const secrets = new Set<string>()
  const counts = { handedOver: 0, handedOverAgain: 0, refused: 0, large: 0 }
  const leftMs = (): number => deadlineMs - HAND_OVER_ENDS_MS - clock.now()

  async function open(): Promise<Destination> {
    const destination = await destinations.open(setting)
    for (const secret of destination.secrets) secrets.add(secret)
    return destination
  }

  /** A user may have replaced the secret by hand since it was read. Returns undefined if nothing has changed. */
  async function reopen(refusing: Destination): Promise<Destination | undefined> {
    destinations.forget(setting)
    const anew = await open()
    return anew === refusing ? undefined : anew
  }

  /** Waits before a batch is sent again. Throws the failure if that would be too late. */
  async function backOff(failure: DestinationFailure, attempt: number): Promise<void> {
    const waitMs = Math.max(jitteredMs(attempt, random.fraction()), failure.retryAfterMs)
    const isLate = waitMs >= leftMs()
    if (failure.fact.reason !== 'unavailable' || attempt >= HAND_OVER_ATTEMPTS || isLate) throw failure
    const reason = maskText(failure.message, [...secrets])
    log.warn('the destination took no events, sending them again', { attempt, waitMs, reason })
    await clock.sleep(waitMs)
  }

  /** Sends a batch until it is taken. Returns the destination for the next one. */
  async function send(first: Destination, batch: EventBatch): Promise<Destination> {
    let destination = first
    let { items } = batch
    for (let attempt = 1; ; attempt++) {
      try {
        const timeoutMs = Math.max(1, Math.min(HAND_OVER_REQUEST_MS, leftMs()))
        await destination.deliver({ ...batch, items }, timeoutMs)
        return destination
      } catch (error) {
        if (!isDestinationFailure(error)) throw error
        items = error.left ?? items
        const anew = error.fact.reason === 'refused' ? await reopen(destination) : undefined
        if (!anew) await backOff(error, attempt)
        destination = anew ?? destination
        counts.handedOverAgain += items.length
      }
    }
  }

  async function handOver(items: readonly Item[], context: BatchContext): Promise<void> {
    let destination = await open()
    for (const batch of cutBatches(items, destination.limits)) {
      destination = await send(destination, { ...context, items: batch })
      counts.handedOver += batch.length
      counts.large += batch.filter(({ json }) => json.length > LARGE_EVENT_BYTES).length
    }
  }

  return {
    get secrets() {
      return [...secrets]
    },
    counts,
    async handOver(items, context) {
      if (items.length === 0) return
      try {
        await handOver(items, context)
      } catch (error) {
        if (!isDestinationFailure(error)) throw toFailure(error, 'handing events over to the destination')
        if (error.fact.reason !== 'unavailable') counts.refused += items.length
        throw toRunFailure(parts, error)
      }
    },
  }
}
