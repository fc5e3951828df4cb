import type { TaskFault } from '../failure/failure.ts'
import type { Page } from '../stream/page.ts'
import type { PageRecord } from '../stream/page-record.ts'
import { type PageRequest, placeDigest } from '../stream/page-request.ts'
import { compareTimestamps, isoOf, isTimestamp, timestampRange } from '../stream/timestamp.ts'
import { type Episode, failedAgain, givenUp, isOpen, opened } from './episode.ts'
import type { ReachableState, Task } from './task.ts'
import { RELEASED_LEASE, type TaskChange } from './task-change.ts'

/** How many of these times are before the newest that was delivered until now. */
function lateOf(newest: string | undefined, { items }: Page): number {
  if (newest === undefined) return 0
  const times = items.flatMap(({ timestamp }) => timestamp ?? []).filter(isTimestamp)
  return times.filter(timestamp => compareTimestamps(timestamp, newest) < 0).length
}

/** What the object for this page says of itself. */
export function recordOf(task: Task, request: PageRequest, page: Page): PageRecord {
  const asked = placeDigest(task.chain, request)
  const { first, last } = timestampRange(page.items.map(item => item.timestamp))
  const { last: newest } = timestampRange([task.lastEventTime, last])
  return {
    chain: task.chain,
    asked,
    link: task.link ?? asked,
    ...(task.lastObjectKey !== undefined && { previousKey: task.lastObjectKey }),
    nextCursor: page.cursor,
    count: page.items.length,
    lateCount: lateOf(task.lastEventTime, page),
    ...(first !== undefined && { firstTimestamp: first }),
    ...(last !== undefined && { lastTimestamp: last }),
    ...(newest !== undefined && { newest }),
  }
}

/** After an object stands in the lake: its next cursor is the task's. Counters are absolute, so a repeated write is harmless. */
export function committed(task: Task, key: string, record: PageRecord, partition: string): TaskChange {
  const { first } = timestampRange([task.firstEventTime, record.firstTimestamp])
  const { last } = timestampRange([task.lastEventTime, record.newest])
  return {
    cursor: record.nextCursor,
    partition,
    pages: task.pages + 1,
    events: task.events + record.count,
    lateEvents: (task.lateEvents ?? 0) + record.lateCount,
    firstEventTime: first,
    lastEventTime: last,
    lastObjectKey: key,
    link: placeDigest(task.chain, { cursor: record.nextCursor }),
  }
}

/** A page without items moves the cursor and leaves the ledger's end where it is. */
export const moved = (cursor: string, partition: string): TaskChange => ({ cursor, partition })

const inState = (task: Task, state: ReachableState, now: string): TaskChange =>
  task.state === state
    ? {}
    : { state, stateSince: now, reachedMs: { ...task.reachedMs, [state]: Date.parse(now) } }

/** A task that is retried stays in Error until a run of it ends well; that the step was reached again is noted. */
export const advanced = (task: Task, state: ReachableState, now: string): TaskChange =>
  isOpen(task.episode)
    ? { reachedMs: { ...task.reachedMs, [state]: Date.parse(now) } }
    : inState(task, state, now)

/**
 * A run begins on a task that has not been authenticated for this version of its source. What was reached for an older
 * one counts no more, but for a Pending that the new one brought.
 */
export function started(task: Task, version: number, now: string): TaskChange {
  if (task.version === version) return { version, ...advanced(task, 'Started', now) }
  const anew = { version, tokenExpires: undefined, episode: undefined }
  if (task.state === 'Pending') return { ...anew, ...inState(task, 'Started', now) }
  return { ...anew, state: 'Started', stateSince: now, reachedMs: { Started: Date.parse(now) } }
}

/** The date folder is kept while an object for the cursor may stand that no commit speaks of. */
const withoutFolder = (openEnd: boolean): TaskChange => (openEnd ? {} : { partition: undefined })

/** The run asked for nothing: its task stays as it was found. */
export const untouched = (openEnd: boolean): TaskChange => ({ ...RELEASED_LEASE, ...withoutFolder(openEnd) })

/** The run read all there was, or stops in good order. */
export const endedWell = (task: Task, now: string, drained: boolean, openEnd: boolean): TaskChange => ({
  ...RELEASED_LEASE,
  ...withoutFolder(openEnd),
  ...inState(task, 'Collecting', now),
  error: undefined,
  episode: undefined,
  lastSuccessAt: now,
  behind: drained ? undefined : true,
  ...(drained && { overlap: undefined }),
})

/** The task waits: its source has this API no more. */
export const parked = (task: Task, version: number, now: string, openEnd: boolean): TaskChange => ({
  ...RELEASED_LEASE,
  ...inState(task, 'Pending', now),
  reachedMs: { Pending: Date.parse(task.state === 'Pending' ? task.stateSince : now) },
  ...withoutFolder(openEnd),
  error: undefined,
  episode: undefined,
  halted: true,
  version,
})

/** What a failure needs to know of the next run. */
export interface Retrying {
  /** Of the episode, should this failure open one. */
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

const inTrouble = (fault: TaskFault, episode: Episode): Faulted =>
  isOpen(episode) ? { error: fault, episode } : { error: lastFault(fault, episode), episode, halted: true }

/** The run failed: once for all until the user acts, or for the time being, up to the deadline of the episode. */
export function endedBadly(
  task: Task,
  fault: TaskFault,
  openEnd: boolean,
  { newId, retryAfterMs }: Retrying,
): Faulted {
  const ended = { ...RELEASED_LEASE, ...inState(task, 'Error', fault.at), ...withoutFolder(openEnd) }
  if (fault.type === 'ThirdPartyConfig') return { ...ended, error: fault, halted: true, episode: undefined }
  const run = { atMs: Date.parse(fault.at), retryAfterMs }
  const { episode } = task
  return { ...ended, ...inTrouble(fault, isOpen(episode) ? failedAgain(episode, run) : opened(newId, run)) }
}

/** The deadline has passed and no run is waited for any longer. An end that a run left open stays open. */
export const quit = (task: Task, fault: TaskFault, episode: Episode, nowMs: number): Faulted => ({
  ...RELEASED_LEASE,
  ...inState(task, 'Error', isoOf(nowMs)),
  ...inTrouble(fault, givenUp(episode, nowMs)),
})
