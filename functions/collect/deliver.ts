import { failureBy } from '../../shared/domain/failure/failure.ts'
import type { DescribedSource, FieldSchema } from '../../shared/domain/source/source.ts'
import { eventLines } from '../../shared/domain/stream/event-line.ts'
import { objectKey } from '../../shared/domain/stream/object-key.ts'
import type { Page } from '../../shared/domain/stream/page.ts'
import type { PageRecord } from '../../shared/domain/stream/page-record.ts'
import type { PageRequest } from '../../shared/domain/stream/page-request.ts'
import { dateOf, timestampRange } from '../../shared/domain/stream/timestamp.ts'
import { committed, moved, recordOf } from '../../shared/domain/task/progress.ts'
import type { TaskChange } from '../../shared/domain/task/task-change.ts'
import { withoutDelivered } from './overlap.ts'
import { during, type Run } from './run.ts'

/** What a commit has to write once a page is safe in the lake, and where the stream goes on. */
export interface Delivery {
  readonly change: TaskChange
  readonly nextCursor: string
  readonly record?: PageRecord
}

const today = (run: Run): string => dateOf(run.ports.clock.now())

/** The lease sets the date folder whenever it is taken and every commit sets it anew: without one the task is damaged. */
export function keyAt(run: Run, request: PageRequest): string {
  const { partition } = run.task
  if (partition === undefined) throw failureBy({ kind: 'damaged', what: 'The task has no date folder.' })
  return objectKey(run.task, partition, request)
}

export const deliveryOf = (run: Run, key: string, record: PageRecord): Delivery => ({
  change: committed(run.task, key, record, today(run)),
  nextCursor: record.nextCursor,
  record,
})

async function standing(run: Run, key: string): Promise<PageRecord> {
  const record = await during('reading what an earlier run wrote', run.ports.lake.record(key))
  if (record) return record
  throw failureBy({ kind: 'damaged', what: `The object ${key} exists and cannot be found.` })
}

const NO_FIELDS: FieldSchema = { schema: 1, version: 0, fields: {} }

/**
 * The schema is one item for all sources, and there is a limit to how often one item is read: only a run that has events
 * and fields to add to them reads it, once, and what was enabled until then counts.
 */
async function described(run: Run): Promise<DescribedSource> {
  const { collector, source } = run.registered
  if (Object.keys({ ...collector.fields, ...source.fields }).length === 0) {
    return { ...run.registered, fieldSchema: NO_FIELDS }
  }
  run.fieldSchema ??= await during('reading the schema of fields', run.ports.registry.fieldSchema())
  return { ...run.registered, fieldSchema: run.fieldSchema }
}

/** Writes the page as one object. If an earlier run wrote it already, that object stands and its next cursor is adopted. */
export async function deliver(run: Run, request: PageRequest, received: Page): Promise<Delivery> {
  const page = withoutDelivered(run, received)
  if (page.items.length === 0) return { change: moved(page.cursor, today(run)), nextCursor: page.cursor }
  const key = keyAt(run, request)
  const record = recordOf(run.task, request, page)
  const lines = eventLines(page.items, await described(run), run.api)
  run.openEnd = true
  const written = await during('writing the page to the lake', run.ports.lake.create(key, lines, record))
  return deliveryOf(run, key, written === 'created' ? record : await standing(run, key))
}

/** Counts a delivered page for the run's report. */
export function count(run: Run, { record }: Delivery): void {
  run.pages += 1
  if (!record) return
  run.events += record.count
  run.lateEvents += record.lateCount
  const { first, last } = timestampRange([
    run.firstTimestamp,
    run.lastTimestamp,
    record.firstTimestamp,
    record.lastTimestamp,
  ])
  run.firstTimestamp = first
  run.lastTimestamp = last
}
