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
} from '../contract/events.ts'
import { jitteredMs } from '../domain/stream/back-off.ts'
import type { Bus, Clock, Random } from '../ports.ts'

/** PutEvents takes no more in one call. */
const BATCH = 10
const ROUNDS = 4

const batchesOf = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / BATCH) }, (_, i) => all.slice(i * BATCH, (i + 1) * BATCH))

/** The entries that the bus refused: PutEvents answers 200 and says so entry by entry. */
async function refusedOf(client: EventBridgeClient, entries: PutEventsRequestEntry[]) {
  const { FailedEntryCount = 0, Entries = [] } = await client.send(new PutEventsCommand({ Entries: entries }))
  if (FailedEntryCount === 0) return []
  return entries.flatMap((entry, i) => {
    const { ErrorCode, ErrorMessage } = Entries[i] ?? {}
    return ErrorCode === undefined ? [] : [{ entry, reason: `${ErrorCode}: ${ErrorMessage ?? ''}` }]
  })
}

/** The event bus. Throws after 4 rounds with back-off if entries are still refused. */
export function eventBus(
  client: EventBridgeClient,
  busName: string,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Bus {
  async function publish(entries: PutEventsRequestEntry[]): Promise<void> {
    let left = entries
    for (let round = 1; left.length > 0; round++) {
      const refused = await refusedOf(client, left)
      if (refused.length > 0 && round === ROUNDS) {
        throw new Error(`the bus refused ${refused.length} events, the first with ${refused[0]?.reason}`)
      }
      if (refused.length > 0) await clock.sleep(jitteredMs(round, random.fraction()))
      left = refused.map(({ entry }) => entry)
    }
  }

  async function publishAll(DetailType: string, details: readonly object[]): Promise<void> {
    const entries = details.map(detail => ({
      EventBusName: busName,
      Source: EVENT_SOURCE,
      DetailType,
      Detail: JSON.stringify(detail),
    }))
    const batches = await Promise.allSettled(batchesOf(entries).map(publish))
    const failed = batches.find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
  }

  return {
    publishDue: due => publishAll(COLLECTION_DUE, due),
    publishStopping: stopping => publishAll(SOURCE_STOPPING, stopping),
    publishOpened: episodes => publishAll(EPISODE_OPENED, episodes),
    publishHealth: events => publishAll(HEALTH_CHANGE, events),
  }
}
