import { isPast } from '../stream/event-times.ts'
import { secondsBetween, toEpochMs, toMilliseconds } from '../stream/timestamp.ts'
import type { Task } from './task.ts'

type Progress = Pick<Task, 'startTime' | 'lastSuccessAt' | 'behind' | 'readUntil' | 'lastEventTime'>

/**
 * Returns a time until which everything is read, whatever the events say: a run that has read all there was ended then,
 * or half of the events of a page had reached it.
 */
export function findReadUntil({ readUntil, behind, lastSuccessAt, startTime }: Progress): string {
  if (readUntil !== undefined) return readUntil
  return behind ? startTime : (lastSuccessAt ?? startTime)
}

/**
 * Returns from when on events may be unread, apart from those that are late, in epoch milliseconds. The last event's time
 * counts only if it is not later than what is known to be read.
 */
export function unreadFromMs(task: Progress, nowMs: number): number {
  const readMs = Math.min(toMilliseconds(findReadUntil(task)), nowMs)
  const { lastEventTime } = task
  return lastEventTime === undefined ? readMs : Math.min(toMilliseconds(lastEventTime), readMs)
}

/**
 * Returns when the last event was. While events are unread: since when they may be. Epoch milliseconds, in whole seconds.
 * Undefined without an event.
 */
export function lagSinceMs(task: Progress, nowMs: number): number | undefined {
  const { lastEventTime, readUntil } = task
  if (lastEventTime === undefined) return undefined
  if (readUntil === undefined && isPast(lastEventTime, nowMs)) return toEpochMs(lastEventTime)
  return Math.floor(unreadFromMs(task, nowMs) / 1000) * 1000
}

/** Returns how many seconds ago that was. */
export function lagSeconds(task: Progress, nowMs: number): number | undefined {
  const sinceMs = lagSinceMs(task, nowMs)
  return sinceMs === undefined ? undefined : secondsBetween(sinceMs, nowMs)
}
