import { OVERLAP_HOURS, RETENTION_DAYS, RETENTION_MARGIN_MINUTES } from '../../contract/limits.ts'
import { unreadFromMs } from '../task/read-time.ts'
import type { Task } from '../task/task.ts'
import type { TaskChange } from '../task/task-change.ts'
import type { Gap } from '../task/warning.ts'
import { chainOfEnd, nextPlace } from './object-key.ts'
import { toEpochMs, toIsoTime, wholeSeconds } from './timestamp.ts'

const HOUR_MS = 3_600_000

const RETENTION_MS = RETENTION_DAYS * 24 * HOUR_MS - RETENTION_MARGIN_MINUTES * 60_000

/** Returns the earliest start of a chain: 1Password keeps nothing from before, and may refuse it. Epoch milliseconds. */
export const earliestStartMs = (nowMs: number): number => Math.ceil((nowMs - RETENTION_MS) / 1000) * 1000

/**
 * Returns where to begin again, some hours before what may be unread. It is never before the start of the chain, because
 * the source does not want those events, and never before what 1Password keeps.
 */
function startBehind(task: Task, nowMs: number, hours: number): string {
  const backMs = unreadFromMs(task, nowMs) - hours * HOUR_MS
  const startMs = toEpochMs(task.startTime)
  if (startMs >= Math.max(backMs, earliestStartMs(nowMs))) return task.startTime
  return wholeSeconds(Math.max(backMs, startMs, earliestStartMs(nowMs)))
}

/**
 * A table that was restored from a backup finds objects of later chains than its own: the next chain is later than those,
 * too, because the places of two chains with one number could meet.
 */
function newChain(task: Task, nowMs: number, hoursBack: number): TaskChange {
  const from = startBehind(task, nowMs, hoursBack)
  const { lastObjectKey } = task
  return {
    chain: Math.max(task.chain, chainOfEnd(task)) + 1,
    startTime: from,
    cursor: undefined,
    trail: undefined,
    refusedPlace: undefined,
    refusedMs: undefined,
    place: nextPlace(task),
    ...(lastObjectKey !== undefined && { overlap: { from, lastObjectKey } }),
  }
}

/**
 * Returns from when to when nothing could be read before a new chain, because 1Password no longer keeps it. Undefined if
 * nothing is missing.
 */
export function findGap(task: Task, nowMs: number): Gap | undefined {
  const fromMs = Math.max(unreadFromMs(task, nowMs), toEpochMs(task.startTime))
  const toMs = earliestStartMs(nowMs)
  return fromMs < toMs ? { from: toIsoTime(fromMs), to: wholeSeconds(toMs) } : undefined
}

/**
 * Begins a new chain after the API refused the task's cursor. It begins at the time until which everything was read, minus
 * an overlap for late events.
 */
export const resetChain = (task: Task, nowMs: number): TaskChange => newChain(task, nowMs, OVERLAP_HOURS)

/** The same in smaller pages, after a page could not be read. */
export const resetInSmallerPages = (task: Task, nowMs: number, limit: number): TaskChange => ({
  ...resetChain(task, nowMs),
  pageLimit: limit,
})

/** The account for which a cursor is valid. */
export interface Stream {
  readonly baseUrl: string
  /** Undefined if the introspection does not name it. */
  readonly accountUuid: string | undefined
}

const isAnother = (known: string | undefined, now: string | undefined): boolean =>
  known !== undefined && now !== undefined && known !== now

/**
 * Stores with the task which account it reads. A cursor is valid for one base URL and account only. If one of them has
 * changed, a new chain begins at the time of the last event. For the same account it begins some hours before, because late
 * events may be unread. Events of another account from before are not the source's.
 */
export function followStream(task: Task, { baseUrl, accountUuid }: Stream, nowMs: number): TaskChange {
  const isOtherAccount = isAnother(task.accountUuid, accountUuid)
  const another = isAnother(task.baseUrl, baseUrl) || isOtherAccount
  return {
    ...(another && newChain(task, nowMs, isOtherAccount ? 0 : OVERLAP_HOURS)),
    baseUrl,
    ...(accountUuid !== undefined && { accountUuid }),
  }
}

/** What decides whether a chain without a cursor begins elsewhere. */
export interface FirstWindow {
  /** The start_time of the source. */
  readonly startTime: string
  /** An uncommitted object may exist at the end of the ledger. */
  readonly mayHaveObject: boolean
  readonly nowMs: number
}

const isAfter = (a: string, b: string): boolean => toEpochMs(a) > toEpochMs(b)

/** How long ago 1Password has dropped a time before a chain no longer begins there: until then it may take it. */
const DROPPED_MS = 10 * 60_000

const isDropped = (time: string, nowMs: number): boolean =>
  toEpochMs(time) < nowMs - RETENTION_DAYS * 24 * HOUR_MS - DROPPED_MS

/**
 * Begins a chain that has no cursor where the user wants it: after an update, and after a restart. If nothing of the task
 * can be in the lake, that is at the start_time of the source. Otherwise it is only if that is later. It is never before
 * what 1Password keeps.
 */
export function firstWindow(task: Task, { startTime, mayHaveObject, nowMs }: FirstWindow): TaskChange {
  const { cursor, chain, lastObjectKey } = task
  if (cursor !== undefined) return {}
  const hasBegun = mayHaveObject || lastObjectKey !== undefined || chain > 1
  const wanted = hasBegun && !isAfter(startTime, task.startTime) ? task.startTime : startTime
  const begin = isDropped(wanted, nowMs) ? wholeSeconds(earliestStartMs(nowMs)) : wanted
  if (begin === task.startTime) return {}
  return { startTime: begin, ...(hasBegun && { place: nextPlace(task) }) }
}
