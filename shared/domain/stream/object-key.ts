import { EVENTS_PREFIX, partitionFolder, UNREADABLE_PREFIX } from '../../contract/lake-layout.ts'
import type { Task } from '../task/task.ts'
import { type PageRequest, placeDigest } from './page-request.ts'

/**
 * Returns the key of the object for one page. It depends only on the task and on the cursor (or start time) that the
 * page was requested with. So two attempts at one page have the same key. The date comes from the lease, and stays the
 * same while an uncommitted object may exist.
 */
export function objectKey(
  task: Pick<Task, 'sourceId' | 'api' | 'chain'>,
  partition: string,
  request: PageRequest,
): string {
  const digest = placeDigest(task.chain, request).slice(0, 32)
  return `${partitionFolder(task.api, partition)}${task.sourceId}-${task.chain}-${digest}.ndjson`
}

/** Returns the key of what could not be read of a page, by the key of the page's object. */
export const unreadableKey = (key: string): string => `${UNREADABLE_PREFIX}${key.slice(EVENTS_PREFIX.length)}`
