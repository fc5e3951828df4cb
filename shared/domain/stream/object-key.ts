import { partitionFolder } from '../../contract/lake-layout.ts'
import type { Task } from '../task/task.ts'
import { type PageRequest, placeDigest } from './page-request.ts'

/**
 * Key of the object that holds the page at the task's place. It depends on nothing but the task and the place, so two
 * attempts at one page meet at one key; the date is the lease's, kept while an uncommitted object may exist.
 */
export function objectKey(
  task: Pick<Task, 'sourceId' | 'api' | 'chain'>,
  partition: string,
  request: PageRequest,
): string {
  const digest = placeDigest(task.chain, request).slice(0, 32)
  return `${partitionFolder(task.api, partition)}${task.sourceId}-${task.chain}-${digest}.ndjson`
}
