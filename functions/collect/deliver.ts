import { UNREADABLE } from '../../shared/contract/log-messages.ts'
import { createFailure, during } from '../../shared/domain/failure/failure.ts'
import type { DescribedSource, FieldSchema } from '../../shared/domain/source/source.ts'
import { eventLines } from '../../shared/domain/stream/event-line.ts'
import { objectKey } from '../../shared/domain/stream/object-key.ts'
import type { Page } from '../../shared/domain/stream/page.ts'
import type { PageRecord } from '../../shared/domain/stream/page-record.ts'
import type { PageRequest } from '../../shared/domain/stream/page-request.ts'
import { toUtcDate } from '../../shared/domain/stream/timestamp.ts'
import { committed, moved, toPageRecord } from '../../shared/domain/task/progress.ts'
import type { TaskChange } from '../../shared/domain/task/task-change.ts'
import { keepEvidence } from './evidence.ts'
import type { Run } from './run.ts'

/** What a commit has to write once a page is safe in the lake, and where the stream goes on. */
export interface Delivery {
  readonly change: TaskChange
  readonly nextCursor: string
  /** The page's object. A page without items has none. */
  readonly key?: string
  readonly record?: PageRecord
}

const today = ({ ports }: Run): string => toUtcDate(ports.clock.now())

/** Every lease and every commit sets the date folder: a task without one is damaged. */
export function computeKey({ lease }: Run, request: PageRequest): string {
  const { partition } = lease.task
  if (partition === undefined) throw createFailure({ kind: 'damaged', what: 'The task has no date folder.' })
  return objectKey(lease.task, partition, request)
}

/** The delivery of a page whose object is in the lake. */
export const toDelivery = (run: Run, key: string, record: PageRecord): Delivery => ({
  change: committed(run.lease.task, key, record, today(run)),
  nextCursor: record.nextCursor,
  key,
  record,
})

async function readExisting({ ports }: Run, key: string): Promise<PageRecord> {
  const record = await during('reading what an earlier run wrote', ports.lake.record(key))
  if (record) return record
  throw createFailure({ kind: 'damaged', what: `The object ${key} exists and cannot be found.` })
}

const NO_FIELDS: FieldSchema = { schema: 1, version: 0, fields: {} }

/** Returns the source with all that its events are described by. */
export type DescribeSource = () => Promise<DescribedSource>

/**
 * All sources share one item with the schema of fields, and DynamoDB limits how often one item is read. So a run reads it
 * once, and only if it has events and fields to add to them.
 */
export function createSourceDescription({ ports, registered }: Run): DescribeSource {
  const { collector, source } = registered
  const hasFields = Object.keys({ ...collector.fields, ...source.fields }).length > 0
  let fieldSchema = hasFields ? undefined : NO_FIELDS
  return async () => {
    fieldSchema ??= await during('reading the schema of fields', ports.registry.fieldSchema())
    return { ...registered, fieldSchema }
  }
}

/** Keeps what cannot be read, before the page's object says how much there is. */
async function keepUnreadable(run: Run, key: string, pieces: readonly Uint8Array[]): Promise<void> {
  if (pieces.length === 0) return
  const { collectorId, sourceId, api } = run.lease.task
  const at = await keepEvidence(run, key, pieces)
  run.ports.log.warn(UNREADABLE, { collectorId, sourceId, api, items: pieces.length, key: at })
}

const isEmpty = ({ items, unreadable = [] }: Page): boolean => items.length === 0 && unreadable.length === 0

/**
 * Writes the page as one object. What could not be read of it is put beside it. If an earlier run has written the object
 * already, this adopts its record, and with it its next cursor.
 */
export async function deliver(
  run: Run,
  request: PageRequest,
  page: Page,
  describeSource: DescribeSource,
): Promise<Delivery> {
  if (isEmpty(page)) return { change: moved(page.cursor, today(run)), nextCursor: page.cursor }
  const { lease, ports } = run
  const key = computeKey(run, request)
  const record = toPageRecord(lease.task, request, page)
  const lines = eventLines(page.items, await describeSource(), lease.task.api)
  await keepUnreadable(run, key, page.unreadable ?? [])
  lease.expectObject()
  const written = await during('writing the page to the lake', ports.lake.create(key, lines, record))
  return toDelivery(run, key, written === 'created' ? record : await readExisting(run, key))
}
