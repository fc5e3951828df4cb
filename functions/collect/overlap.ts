import { during } from '../../shared/domain/failure/failure.ts'
import type { Page } from '../../shared/domain/stream/page.ts'
import { compareTimestamps } from '../../shared/domain/stream/timestamp.ts'
import type { Overlap } from '../../shared/domain/task/task.ts'
import type { CollectPorts } from './collect-ports.ts'
import type { Run } from './run.ts'

/** Uuids of events that were delivered before a reset, while the chain reads them again. */
export type DeliveredUuids = ReadonlySet<string>

const parseUuid = (line: string): unknown => JSON.parse(line).uuid

/** Walks the ledger back from the last object before the reset, until an object is older than the overlap. */
async function readUuids({ lake, log }: CollectPorts, overlap: Overlap): Promise<DeliveredUuids> {
  const uuids = new Set<string>()
  for (let key: string | undefined = overlap.lastObjectKey; key !== undefined; ) {
    const object = await lake.read(key)
    if (!object) {
      log.warn('the ledger ends at an object that has expired', { key })
      break
    }
    const { record, lines } = object
    if (record.newest !== undefined && compareTimestamps(record.newest, overlap.from) < 0) break
    for (const uuid of lines.map(parseUuid)) if (typeof uuid === 'string') uuids.add(uuid)
    key = record.previousKey
  }
  return uuids
}

/** Reads which events a reset cursor will bring again. Returns undefined if the chain follows from no reset. */
export async function readDelivered({ ports, lease }: Run): Promise<DeliveredUuids | undefined> {
  const { overlap } = lease.task
  return overlap && during('reading the overlap from the lake', readUuids(ports, overlap))
}

/** The page without the events that were delivered before the reset. */
export const withoutDelivered = (page: Page, delivered: DeliveredUuids | undefined): Page =>
  delivered
    ? { ...page, items: page.items.filter(({ uuid }) => uuid === undefined || !delivered.has(uuid)) }
    : page
