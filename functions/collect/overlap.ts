import type { Page } from '../../shared/domain/stream/page.ts'
import { compareTimestamps } from '../../shared/domain/stream/timestamp.ts'
import type { Overlap } from '../../shared/domain/task/task.ts'
import { during, type Run } from './run.ts'

const uuidOf = (line: string): unknown => JSON.parse(line).uuid

/** Walks the ledger back from the last object before the reset, until all that is older than the overlap. */
async function uuidsSince(run: Run, overlap: Overlap): Promise<ReadonlySet<string>> {
  const uuids = new Set<string>()
  for (let key: string | undefined = overlap.lastObjectKey; key !== undefined; ) {
    const object = await run.ports.lake.read(key)
    if (!object) {
      run.ports.log.warn('the ledger ends at an object that has expired', { key })
      break
    }
    const { record, lines } = object
    if (record.newest !== undefined && compareTimestamps(record.newest, overlap.from) < 0) break
    for (const uuid of lines.map(uuidOf)) if (typeof uuid === 'string') uuids.add(uuid)
    key = record.previousKey
  }
  return uuids
}

/** Reads what a reset cursor will bring again, if one is being followed. */
export async function rememberDelivered(run: Run): Promise<void> {
  const { overlap } = run.task
  if (overlap) run.delivered = await during('reading the overlap from the lake', uuidsSince(run, overlap))
}

/** The page without the events that were delivered before the reset. */
export function withoutDelivered(run: Run, page: Page): Page {
  const { delivered } = run
  if (!delivered) return page
  return { ...page, items: page.items.filter(({ uuid }) => uuid === undefined || !delivered.has(uuid)) }
}
