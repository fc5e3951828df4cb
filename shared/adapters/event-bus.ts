import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge'
import {
  COLLECTION_DUE,
  EPISODE_OPENED,
  EVENT_SOURCE,
  HEALTH_CHANGE,
  SOURCE_STOPPING,
  TICK_SEGMENT,
} from '../contract/events.ts'
import { finishAll, nameFailures } from '../domain/failure/combined-failure.ts'
import { jitteredMs } from '../domain/stream/back-off.ts'
import type { Bus, Clock, Random } from '../ports.ts'

/** PutEvents accepts at most this many entries in one call. */
const BATCH = 10
const ROUNDS = 4

/** Shorter pauses are put together. */
const PAUSE_MS = 20

const splitIntoBatches = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / BATCH) }, (_, i) => all.slice(i * BATCH, (i + 1) * BATCH))

interface Refused {
  readonly entry: PutEventsRequestEntry
  readonly reason: string
}

/** Returns the entries that the bus refused. The call itself succeeds and names an error for each refused entry. */
async function putEntries(client: EventBridgeClient, entries: PutEventsRequestEntry[]): Promise<Refused[]> {
  const { FailedEntryCount = 0, Entries = [] } = await client.send(new PutEventsCommand({ Entries: entries }))
  if (FailedEntryCount === 0) return []
  return entries.flatMap((entry, i) => {
    const { ErrorCode, ErrorMessage } = Entries[i] ?? {}
    return ErrorCode === undefined ? [] : [{ entry, reason: `${ErrorCode}: ${ErrorMessage ?? ''}` }]
  })
}

/** Creates an error that names the first reason, and the others if they differ. */
function createRefusal(refused: readonly Refused[]): Error {
  const reasons = refused.map(({ reason }) => reason)
  const [first] = reasons
  const others = reasons.filter(reason => reason !== first)
  const rest = others.length > 0 ? `, ${others.length} with ${nameFailures(others)}` : ''
  return new Error(`the bus refused ${refused.length} events, the first with ${first}${rest}`)
}

/** The event bus. Sends refused entries again, in 4 rounds with back-off. Throws if some are still refused then. */
export function eventBus(
  client: EventBridgeClient,
  busName: string,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Bus {
  async function publish(entries: PutEventsRequestEntry[]): Promise<void> {
    let left = entries
    for (let round = 1; left.length > 0; round++) {
      const refused = await putEntries(client, left)
      if (refused.length > 0 && round === ROUNDS) {
        throw createRefusal(refused)
      }
      if (refused.length > 0) await clock.sleep(jitteredMs(round, random.fraction()))
      left = refused.map(({ entry }) => entry)
    }
  }

  /** Begins one batch after the other, so that no more than `perSecond` entries begin in a second. */
  async function publishPaced(batches: readonly PutEventsRequestEntry[][], perSecond: number): Promise<void> {
    const startedMs = clock.now()
    const publishing: Promise<void>[] = []
    for (const [i, batch] of batches.entries()) {
      const leftMs = startedMs + (i * BATCH * 1000) / perSecond - clock.now()
      if (leftMs >= PAUSE_MS) await clock.sleep(leftMs)
      const work = publish(batch)
      work.catch(() => {}) // It counts when all are waited for.
      publishing.push(work)
    }
    await finishAll(publishing)
  }

  async function publishAll(
    DetailType: string,
    details: readonly object[],
    perSecond = Number.POSITIVE_INFINITY,
  ): Promise<void> {
    const entries = details.map(detail => ({
      EventBusName: busName,
      Source: EVENT_SOURCE,
      DetailType,
      Detail: JSON.stringify(detail),
    }))
    await publishPaced(splitIntoBatches(entries), perSecond)
  }

  return {
    publishDue: (due, perSecond) => publishAll(COLLECTION_DUE, due, perSecond),
    publishStopping: stopping => publishAll(SOURCE_STOPPING, stopping),
    publishSegments: segments => publishAll(TICK_SEGMENT, segments),
    publishOpened: episodes => publishAll(EPISODE_OPENED, episodes),
    publishHealth: events => publishAll(HEALTH_CHANGE, events),
  }
}
