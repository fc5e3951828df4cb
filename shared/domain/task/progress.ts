import type { TaskFault } from '../failure/failure.ts'
import { keptText } from '../failure/shown-text.ts'
import { addCounts, type RuleCounts } from '../rule/rule-counts.ts'
import { isFarAhead, isPast, readEventTimes } from '../stream/event-times.ts'
import { ledgerLink, toPlace } from '../stream/object-key.ts'
import type { Page } from '../stream/page.ts'
import type { PageRecord } from '../stream/page-record.ts'
import { type PageRequest, placeDigest } from '../stream/page-request.ts'
import {
  compareTimestamps,
  latestOf,
  timestampRange,
  toIsoTime,
  toUtcDate,
  wholeSeconds,
} from '../stream/timestamp.ts'
import { extendTrail } from '../stream/trail.ts'
import { type Episode, failedAgain, givenUp, isOpen, opened } from './episode.ts'
import { addToHourlyEvents } from './hourly-events.ts'
import { findReadUntil, unreadFromMs } from './read-time.ts'
import { describeStep } from './step.ts'
import type { ReachableState, Task } from './task.ts'
import { RELEASED_LEASE, type TaskChange } from './task-change.ts'

/** The last event's time, unless it is in the future: an earlier deployment has kept such times. */
const findLastTime = ({ lastEventTime }: Task, nowMs: number): string | undefined =>
  lastEventTime !== undefined && isPast(lastEventTime, nowMs) ? lastEventTime : undefined

/** What the ledger until now says to a walk (`PageRecord`). An earlier deployment has kept times far ahead as newest. */
function findReach(task: Task, nowMs: number): Pick<PageRecord, 'newest' | 'aheadKey'> {
  const { lastEventTime = '', lastObjectKey, newestTime } = task
  const isAhead = isFarAhead(lastEventTime, nowMs)
  const aheadKey = task.aheadKey ?? (isAhead ? lastObjectKey : undefined)
  const newest = latestOf(newestTime, isAhead ? undefined : lastEventTime)
  return { ...(newest !== undefined && { newest }), ...(aheadKey !== undefined && { aheadKey }) }
}

function describeTimes(task: Task, page: Page, nowMs: number): Partial<PageRecord> {
  const reach = findReach(task, nowMs)
  const since = reach.newest ?? task.startTime
  const times = readEventTimes(page.items, { nowMs, since, newest: findLastTime(task, nowMs) })
  const newest = latestOf(reach.newest, times.reach)
  return {
    lateCount: times.late,
    ...(times.first !== undefined && { firstTimestamp: times.first }),
    ...(times.last !== undefined && { lastTimestamp: times.last }),
    ...(times.past !== undefined && { pastTimestamp: times.past }),
    ...(times.middle !== undefined && { middleTimestamp: times.middle }),
    ...reach,
    ...(newest !== undefined && { newest }),
  }
}

/** Creates the record of the object for this page, which is delivered now. */
export function toPageRecord(task: Task, request: PageRequest, page: Page, nowMs: number): PageRecord {
  return {
    chain: task.chain,
    asked: placeDigest(task.chain, request),
    link: ledgerLink(task),
    ...(task.lastObjectKey !== undefined && { previousKey: task.lastObjectKey }),
    nextCursor: page.cursor,
    count: page.items.length,
    lateCount: 0,
    ...(page.unreadable && { unreadableCount: page.unreadable.length }),
    ...(page.filtered && { filtered: page.filtered }),
    ...(task.stepped && { steppedOver: describeStep(task.stepped) }),
    ...describeTimes(task, page, nowMs),
  }
}

/**
 * Where the stream goes on after an object. An object of another chain was written before the cursor was replaced, or after
 * the backup from which the table was restored. The chain stays where it is, and what it brings again is dropped by uuid.
 */
function movedBy(task: Task, key: string, record: PageRecord, nowMs: number): TaskChange {
  const { chain, nextCursor, middleTimestamp: readUntil } = record
  if (chain !== task.chain) {
    const from = task.overlap?.from ?? wholeSeconds(unreadFromMs(task, nowMs))
    return { overlap: { from, lastObjectKey: key } }
  }
  const trail = extendTrail(task.trail, nextCursor)
  return { cursor: nextCursor, trail, ...(readUntil !== undefined && { readUntil }) }
}

/** The times of a task after an object. An object of an earlier deployment may call a time far ahead its newest. */
function timesAfter(task: Task, key: string | undefined, record: PageRecord, nowMs: number): TaskChange {
  const { firstTimestamp, lastTimestamp = '', pastTimestamp = lastTimestamp } = record
  const { first } = timestampRange([task.firstEventTime, firstTimestamp])
  const past = isPast(pastTimestamp, nowMs) ? pastTimestamp : undefined
  const last = latestOf(findLastTime(task, nowMs), past)
  const { newest = '' } = record
  const isPoisoned = isFarAhead(newest, nowMs)
  const isAhead = isPoisoned || compareTimestamps(lastTimestamp, newest) > 0
  const newestTime = isPoisoned || compareTimestamps(newest, last ?? '') <= 0 ? undefined : newest
  const aheadKey = (isAhead ? key : record.aheadKey) ?? task.aheadKey
  return {
    firstEventTime: first,
    lastEventTime: last,
    ...(newestTime !== task.newestTime && { newestTime }),
    ...(aheadKey !== task.aheadKey && { aheadKey }),
  }
}

/** Adds what processing rules have dropped and changed of a page. */
const countFiltered = (task: Task, filtered: RuleCounts | undefined): TaskChange =>
  filtered ? { filtered: addCounts(task.filtered, filtered) } : {}

const countsAfter = (
  task: Task,
  { count, lateCount, unreadableCount, filtered }: PageRecord,
  nowMs: number,
): TaskChange => ({
  pages: task.pages + 1,
  events: task.events + count,
  ...(count > 0 && { hourlyEvents: addToHourlyEvents(task.hourlyEvents, count, nowMs) }),
  lateEvents: (task.lateEvents ?? 0) + lateCount,
  ...(unreadableCount !== undefined && { unreadable: (task.unreadable ?? 0) + unreadableCount }),
  ...countFiltered(task, filtered),
})

/**
 * The change of a commit: the object is in the lake, and its next cursor becomes the task's. Counters are absolute
 * numbers, so that a repeated write does no harm.
 */
export function committed(task: Task, key: string, record: PageRecord, nowMs: number): TaskChange {
  const link = placeDigest(record.chain, { cursor: record.nextCursor })
  const place = record.chain === task.chain ? undefined : toPlace(record.chain, link)
  return {
    ...movedBy(task, key, record, nowMs),
    partition: toUtcDate(nowMs),
    ...(place !== task.place && { place }),
    ...countsAfter(task, record, nowMs),
    ...(record.steppedOver !== undefined && { stepped: undefined }),
    ...timesAfter(task, key, record, nowMs),
    lastObjectKey: key,
    link,
  }
}

/** The commit of a page that is not in the lake. It does not change the end of the ledger. */
export function passedBy(task: Task, record: PageRecord, nowMs: number): TaskChange {
  const { nextCursor, middleTimestamp: readUntil } = record
  return {
    cursor: nextCursor,
    trail: extendTrail(task.trail, nextCursor),
    ...(readUntil !== undefined && { readUntil }),
    ...countsAfter(task, record, nowMs),
    ...timesAfter(task, undefined, record, nowMs),
  }
}

/**
 * The commit of a page without items: it moves the cursor and does not change the end of the ledger. Processing rules may have
 * dropped all items of the page.
 */
export const moved = (task: Task, { cursor, filtered }: Pick<Page, 'cursor' | 'filtered'>): TaskChange => ({
  cursor,
  ...countFiltered(task, filtered),
})

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
  readUntil: drained ? undefined : findReadUntil(task),
  refusedPlace: undefined,
  refusedMs: undefined,
  unreadableAt: undefined,
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
