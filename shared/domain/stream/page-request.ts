import { createHash } from 'node:crypto'
import type { Task } from '../task/task.ts'

/**
 * Body of a page request (docs/reference/events-api.md, "Page request"): a reset cursor or a continuing cursor, never
 * both.
 */
export type PageRequest =
  | { readonly limit: number; readonly start_time: string }
  | { readonly cursor: string }

/** What the task asks next. The limit is part of a reset cursor only: the cursors that follow carry it. */
export const nextRequest = (task: Pick<Task, 'cursor' | 'startTime'>, limit: number): PageRequest =>
  task.cursor === undefined ? { limit, start_time: task.startTime } : { cursor: task.cursor }

/**
 * Names a place in the stream, for object keys and ledger links. The limit is left out: it changes what a page
 * holds, not where it begins, and a new page size must not give the same place a second object.
 */
export function placeDigest(chain: number, request: PageRequest): string {
  const place = 'cursor' in request ? ['cursor', request.cursor] : ['start', request.start_time]
  return createHash('sha256')
    .update(JSON.stringify([chain, ...place]))
    .digest('hex')
}
