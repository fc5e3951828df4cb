import type { TaskFault } from '../failure/failure.ts'
import { keptText } from '../failure/shown-text.ts'
import { ledgerLink, toPlace } from '../stream/object-key.ts'
import type { Page } from '../stream/page.ts'
import type { PageRecord } from '../stream/page-record.ts'
import { type PageRequest, placeDigest } from '../stream/page-request.ts'
import { compareTimestamps, isTimestamp, timestampRange, toIsoTime } from '../stream/timestamp.ts'
import { extendTrail } from '../stream/trail.ts'
import { type Episode, failedAgain, givenUp, isOpen, opened } from './episode.ts'
import type { ReachableState, Task } from './task.ts'
import { RELEASED_LEASE, type TaskChange } from './task-change.ts'

/** How many events of the page are older than the newest event that was delivered before. */
function countLate(newest: string | undefined, { items }: Page): number {
  if (newest === undefined) return 0
  const times = items.flatMap(({ timestamp }) => timestamp ?? []).filter(isTimestamp)
  return times.filter(timestamp => compareTimestamps(timestamp, newest) < 0).length
}

/** Creates the record of the object for this page. */
export function toPageRecord(task: Task, request: PageRequest, page: Page): PageRecord {
  const asked = placeDigest(task.chain, request)
  const { first, last } = timestampRange(page.items.map(item => item.timestamp))
  const { last: newest } = timestampRange([task.lastEventTime, last])
  return {
    chain: task.chain,
    asked,
    link: ledgerLink(task),
    ...(task.lastObjectKey !== undefined && { previousKey: task.lastObjectKey }),
    nextCursor: page.cursor,
    count: page.items.length,
    lateCount: countLate(task.lastEventTime, page),
    ...(page.unreadable && { unreadableCount: page.unreadable.length }),
    ...(first !== undefined && { firstTimestamp: first }),
    ...(last !== undefined && { lastTimestamp: last }),
    ...(newest !== undefined && { newest }),
  }
}

/**
 * Where the stream goes on after an object. An object of another chain was written before the cursor was replaced, or after
 * the backup from which the table was restored. The chain stays where it is, and what it brings again is dropped by uuid.
 */
function movedBy(task: Task, key: string, { chain, nextCursor }: PageRecord): TaskChange {
  if (chain === task.chain) return { cursor: nextCursor, trail: extendTrail(task.trail, nextCursor) }
  const from = task.overlap?.from ?? task.lastEventTime ?? task.startTime
  return { overlap: { from, lastObjectKey: key } }
}

/**
 * The change of a commit: the object is in the lake, and its next cursor becomes the task's. Counters are absolute
 * numbers, so that a repeated write does no harm.
 */
export function committed(task: Task, key: string, record: PageRecord, partition: string): TaskChange {
  const { first } = timestampRange([task.firstEventTime, record.firstTimestamp])
  const { last } = timestampRange([task.lastEventTime, record.newest])
  const link = placeDigest(record.chain, { cursor: record.nextCursor })
  const place = record.chain === task.chain ? undefined : toPlace(record.chain, link)
  return {
    ...movedBy(task, key, record),
    partition,
    ...(place !== task.place && { place }),
    pages: task.pages + 1,
    events: task.events + record.count,
    lateEvents: (task.lateEvents ?? 0) + record.lateCount,
    ...(record.unreadableCount !== undefined && {
      unreadable: (task.unreadable ?? 0) + record.unreadableCount,
    }),
    firstEventTime: first,
    lastEventTime: last,
    lastObjectKey: key,
    link,
  }
}

/** The commit of a page without items: it moves the cursor and does not change the end of the ledger. */
export const moved = (cursor: string): TaskChange => ({ cursor })

const inState = (task: Task, state: ReachableState, now: string): TaskChange =>
  task.state === state
    ? {}
    : { state, stateSince: now, reachedMs: { ...task.reachedMs, [state]: Date.parse(now) } }

/**
 * The run has reached a state. A task that is retried stays in Error until a run ends well, and only notes the time.
 */
export const advanced = (task: Task, state: ReachableState, now: string): TaskChange =>
  isOpen(task.episode)
    ? { reachedMs: { ...task.reachedMs, [state]: Date.parse(now) } }
    : inState(task, state, now)

/**
 * A run begins on a task that was not yet authenticated for this version of its source. States that were reached for an
 * older version are forgotten, except the Pending that the update or restart brought.
 */
export function started(task: Task, version: number, now: string): TaskChange {
  if (task.version === version) return { version, ...advanced(task, 'Started', now) }
  const anew = { version, tokenExpires: undefined, episode: undefined }
  if (task.state === 'Pending') return { ...anew, ...inState(task, 'Started', now) }
  return { ...anew, state: 'Started', stateSince: now, reachedMs: { Started: Date.parse(now) } }
}

/** The date folder is kept while an uncommitted object may exist: it is part of the object's key. */
const withoutFolder = (mayHaveObject: boolean): TaskChange => (mayHaveObject ? {} : { partition: undefined })

/** The change when a run has requested no page: it only gives the lease back. */
export const untouched = (mayHaveObject: boolean): TaskChange => ({
  ...RELEASED_LEASE,
  ...withoutFolder(mayHaveObject),
})

/** The run has read all there was (`drained`), or stops because its time is used up or its source was changed. */
export const endedWell = (task: Task, now: string, drained: boolean, mayHaveObject: boolean): TaskChange => ({
  ...RELEASED_LEASE,
  ...withoutFolder(mayHaveObject),
  ...inState(task, 'Collecting', now),
  error: undefined,
  episode: undefined,
  lastSuccessAt: now,
  behind: drained ? undefined : true,
  refusedPlace: undefined,
  ...(drained && { overlap: undefined }),
})

/** The source no longer has this API. */
export const parked = (task: Task, version: number, now: string, mayHaveObject: boolean): TaskChange => ({
  ...RELEASED_LEASE,
  ...inState(task, 'Pending', now),
  reachedMs: { Pending: Date.parse(task.state === 'Pending' ? task.stateSince : now) },
  ...withoutFolder(mayHaveObject),
  error: undefined,
  episode: undefined,
  halted: true,
  version,
})

/** What a failure needs to know about the next run. */
export interface Retrying {
  /** Id of the episode, if this failure opens one. */
  readonly newId: string
  readonly retryAfterMs?: number | undefined
}

const minutes = (ms: number): string => `${Math.round(ms / 60_000)} minutes`

/** The error of a task that is given up. */
function lastFault(fault: TaskFault, { attempts, startedMs, quitMs = 0 }: Episode): TaskFault {
  const tried = `It was collected ${attempts} times in ${minutes(quitMs - startedMs)} and is given up`
  return { ...fault, info: `${fault.info} ${tried}: update or restart the source.` }
}

/** A change that shows an error. */
export type Faulted = TaskChange & { readonly error: TaskFault }

const toKept = (fault: TaskFault): TaskFault => ({ ...fault, info: keptText(fault.info) })

function inTrouble(fault: TaskFault, episode: Episode): Faulted {
  const error = toKept(fault)
  return isOpen(episode) ? { error, episode } : { error: lastFault(error, episode), episode, halted: true }
}

/** The run failed. Only the user can mend a ThirdPartyConfig failure; any other opens an episode or counts in it. */
export function endedBadly(
  task: Task,
  fault: TaskFault,
  mayHaveObject: boolean,
  { newId, retryAfterMs }: Retrying,
): Faulted {
  const ended = { ...RELEASED_LEASE, ...inState(task, 'Error', fault.at), ...withoutFolder(mayHaveObject) }
  if (fault.type === 'ThirdPartyConfig')
    return { ...ended, error: toKept(fault), halted: true, episode: undefined }
  const run = { atMs: Date.parse(fault.at), retryAfterMs }
  const { episode } = task
  return { ...ended, ...inTrouble(fault, isOpen(episode) ? failedAgain(episode, run) : opened(newId, run)) }
}

/** The deadline has passed and nobody waits for a run any longer. An uncommitted object may still exist. */
export const quit = (task: Task, fault: TaskFault, episode: Episode, nowMs: number): Faulted => ({
  ...RELEASED_LEASE,
  ...inState(task, 'Error', toIsoTime(nowMs)),
  ...inTrouble(fault, givenUp(episode, nowMs)),
})
