import { hash } from 'node:crypto'
import type { Task } from '../task/task.ts'

/** How many cursors a task remembers, and how many hex digits of a cursor's digest. It is 20 bytes of the item. */
const REMEMBERED = 4
const MARK_DIGITS = 10

/** Returns a short digest of a cursor, by which a task knows that it has followed it. */
export const cursorMark = (cursor: string): string => hash('sha256', cursor).slice(0, MARK_DIGITS)

/** Returns the trail after one more cursor. */
export const extendTrail = (trail: string | undefined, cursor: string): string =>
  `${trail ?? ''}${cursorMark(cursor)}`.slice(-REMEMBERED * MARK_DIGITS)

const isOnTrail = (trail: string, mark: string): boolean =>
  trail.match(new RegExp(`.{${MARK_DIGITS}}`, 'g'))?.includes(mark) ?? false

/**
 * Returns how a page with events leads back: its cursor is the one that it was asked with, or one that was followed
 * before, by this run (`followed`) or by the last objects. Returns undefined if it leads on.
 */
export function findRepetition(
  { cursor, trail = '' }: Pick<Task, 'cursor' | 'trail'>,
  followed: ReadonlySet<string>,
  next: string,
): 'asked' | 'before' | undefined {
  if (next === cursor) return 'asked'
  const mark = cursorMark(next)
  return followed.has(mark) || isOnTrail(trail, mark) ? 'before' : undefined
}
