import { hash } from 'node:crypto'
import type { Task } from '../task/task.ts'

/**
 * Body of a page request (docs/reference/events-api.md, "Page request"): a reset cursor or a continuing cursor, never
 * both.
 */
export type PageRequest =
  | { readonly limit: number; readonly start_time: string }
  | { readonly cursor: string }

/** Returns how many items a page of the task may have: fewer than usual, if a page of the usual size could not be read. */
export const pageLimit = (task: Pick<Task, 'pageLimit'>, usual: number): number =>
  Math.min(task.pageLimit ?? usual, usual)

/**
 * Returns the next request of a task. Only a reset cursor names the limit. The cursors that follow from it contain it.
 */
export const nextRequest = (
  task: Pick<Task, 'cursor' | 'startTime' | 'pageLimit'>,
  limit: number,
): PageRequest =>
  task.cursor === undefined
    ? { limit: pageLimit(task, limit), start_time: task.startTime }
    : { cursor: task.cursor }

/**
 * Returns a digest of where a page begins, for object keys and for the links of the ledger. The limit is not part of
 * it. A new page size changes what a page holds, not where it begins, and must not cause a second object.
 */
export function placeDigest(chain: number, request: PageRequest): string {
  const place = 'cursor' in request ? ['cursor', request.cursor] : ['start', request.start_time]
  return hash('sha256', JSON.stringify([chain, ...place]))
}
