import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { TICK_SEGMENTS } from '../contract/limits.ts'
import { requireKnownSchema } from '../domain/task/known-schema.ts'
import type { SegmentProgress } from '../domain/tick/segment.ts'
import type { Ticks } from '../ports.ts'
import { ABSENT, type Pausing, registryItems } from './registry-items.ts'
import { tickEndedKey, tickSegmentKey } from './registry-key.ts'

const KEYS = [...Array.from({ length: TICK_SEGMENTS }, (_, segment) => tickSegmentKey(segment)), tickEndedKey]

/** The progress of ticks, one item for each segment, in the table of the registry. */
export function tickItems(client: DynamoDBClient, table: string, pausing: Pausing): Ticks {
  const items = registryItems(client, table, pausing)
  return {
    async progress() {
      const found = await items.getAll(KEYS)
      const known = found.flatMap(item => (item ? [requireKnownSchema(item, 'The progress of a tick')] : []))
      const ended = found.at(-1)
      return {
        segments: known.filter(item => item !== ended) as unknown as SegmentProgress[],
        ...(ended && { endedMs: ended['tickMs'] as number }),
      }
    },

    save: progress =>
      items.put(
        tickSegmentKey(progress.segment),
        progress,
        progress.step === 1
          ? { expression: ABSENT }
          : { expression: 'step = :before', values: { ':before': progress.step - 1 } },
      ),

    end: (tickMs, writer) =>
      items.put(
        tickEndedKey,
        { schema: 1, tickMs, writer },
        { expression: `${ABSENT} OR tickMs < :tickMs`, values: { ':tickMs': tickMs } },
      ),
  }
}
