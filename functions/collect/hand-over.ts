import { createFailure, toFailure } from '../../shared/domain/failure/failure.ts'
import { withoutMetadata } from '../../shared/domain/stream/event-line.ts'
import { type Item, parseItem } from '../../shared/domain/stream/item.ts'
import type { PageRecord } from '../../shared/domain/stream/page-record.ts'
import type { Delivery } from './deliver.ts'
import { isOutOfReach, UnreadableRecord } from './object-record.ts'
import type { Run } from './run.ts'

const readLine = (line: string): Item => parseItem(Buffer.from(withoutMetadata(line)))

const isWhole = (lines: readonly string[], { count }: PageRecord): boolean => lines.length === count

/** What is there and does not hold its events will not be better soon. */
const toDamaged = (key: string, cause?: unknown): UnreadableRecord => {
  const what = `The object ${key} does not hold the events that its metadata name.`
  return new UnreadableRecord(createFailure({ kind: 'damaged', what }, { cause }), key)
}

async function readLines({ ports }: Run, key: string): Promise<readonly string[]> {
  try {
    const object = await ports.lake.read(key)
    if (object) return object.lines
  } catch (error) {
    const failure = toFailure(error, 'reading events from the lake for the destination')
    throw isOutOfReach(error) ? new UnreadableRecord(failure, key) : failure
  }
  throw createFailure({ kind: 'damaged', what: `The object ${key} exists and cannot be found.` })
}

/**
 * Returns the events of an object as they were received. Throws RunFailure, or UnreadableRecord if they will hardly be
 * readable soon.
 */
async function readItems(run: Run, key: string, record: PageRecord): Promise<readonly Item[]> {
  const lines = await readLines(run, key)
  if (!isWhole(lines, record)) throw toDamaged(key)
  try {
    return lines.map(readLine)
  } catch (error) {
    throw toDamaged(key, error)
  }
}

/**
 * Hands the events of a page to the destination of the collector, if it has one beside the lake. To be called before the
 * page is committed: whatever dies, what is committed has been handed over.
 */
export async function handOver(run: Run, delivery: Delivery): Promise<void> {
  const { destination, lease, describeSource } = run
  const { key, record, items, isOutside } = delivery
  if (!destination || !key || !record || record.count === 0) return
  const events = items ?? (await readItems(run, key, record))
  await destination.handOver(events, {
    api: lease.task.api,
    described: await describeSource(),
    ...(!isOutside && { objectKey: key }),
  })
}
