import type { DueReason } from '../../contract/events.ts'
import {
  all,
  any,
  type Condition,
  differs,
  equals,
  isAbsent,
  isAtMost,
  isLessThan,
  isPresent,
  isStill,
} from './condition.ts'
import { isOpen } from './episode.ts'
import { isLeased, type Task } from './task.ts'
import { RELEASED_LEASE, type TaskChange, type TaskUpdate } from './task-change.ts'

/*
 * The life of a task. The boxes are what `taskCondition` returns; the words on the lines say what brings it about.
 *
 *                         created
 *                            |
 *                            v     the user updates or restarts the source (renewTask)
 *       +----------------> WELL <----------------------------------------------+
 *       |                  |  |                                                |
 *       |                  |  +-- a run meets what only the user can mend --> MISCONFIGURED
 *       |   a run fails,   |      (from WELL and from RETRYING)                |
 *       |   or it dies     v                                                   |
 *       +------------ RETRYING -- the deadline passes ---------------------> GIVEN UP
 *       a run ends well                                                        |
 *                                                                              |
 *       a run finds that the source no longer has this API: any of them ---> PARKED
 *
 *       the user deletes the source (stopTask): any of them ---> STOPPING ---> removed
 *
 * Beside that a task is free or leased, whatever its condition:
 *
 *       FREE -- leaseTask --> LEASED -- saveTask, any number of times, the last of which frees it --> FREE
 *                              |   \--- releaseLease (the run did nothing) ---------------------> FREE
 *                              |   \--- the lease expires: leaseTask may lease it again --------> LEASED
 *                              \------- takeOverTask: the run can save nothing more
 *
 * And an episode (RETRYING) is claimed by one execution of the retry state machine:
 *
 *       UNCLAIMED -- claimEpisode --> CLAIMED -- releaseClaim (the execution is lost) --> UNCLAIMED
 */

/** How a task is doing. Only a task that is `well` is collected by ticks. */
export type TaskCondition = 'well' | 'retrying' | 'givenUp' | 'misconfigured' | 'parked' | 'stopping'

/** Returns how a task is doing. */
export function taskCondition({
  state,
  halted,
  episode,
}: Pick<Task, 'state' | 'halted' | 'episode'>): TaskCondition {
  if (state === 'Stopping') return 'stopping'
  if (isOpen(episode)) return 'retrying'
  if (!halted) return 'well'
  if (state === 'Pending') return 'parked'
  return episode ? 'givenUp' : 'misconfigured'
}

/** Whether the lease of a task has expired: its run died, or took too long. */
const hasExpiredLease = (task: Task, nowMs: number): boolean =>
  task.leaseOwner !== undefined && !isLeased(task, nowMs)

/** Returns why a tick dispatches this task, or undefined if it does not. */
export function dueReason(task: Task, nowMs: number): DueReason | undefined {
  if (taskCondition(task) !== 'well' || isLeased(task, nowMs)) return undefined
  return hasExpiredLease(task, nowMs) ? 'abandoned' : 'tick'
}

/** Something that happens to a stored task in one write. If the guard does not hold, nothing is written. */
export interface Transition {
  readonly name:
    | 'lease'
    | 'save'
    | 'releaseLease'
    | 'takeOver'
    | 'claim'
    | 'releaseClaim'
    | 'renew'
    | 'stop'
    | 'markHealthPublished'
  readonly guard: Condition
  readonly update: TaskUpdate
}

/** An execution's hold on the episode that it retries. */
export interface Claim {
  readonly episode: string
  readonly execution: string
}

/** What a run asks for when it begins. */
export interface Lease {
  readonly owner: string
  readonly nowMs: number
  readonly expiresMs: number
  /** Date folder for the page at the cursor, unless the task has one already. */
  readonly partition: string
  /** Of a run that the state machine starts. Without it a task in an episode is not leased. */
  readonly claim?: Claim | undefined
}

const IS_STORED = isPresent('fence')

const IS_NOT_STOPPING = differs('state', 'Stopping')

const isClaimedBy = ({ episode, execution }: Claim): Condition =>
  all(equals('episode.id', episode), equals('episode.execution', execution))

/**
 * A run leases a task that is free, or whose lease has expired. In an episode only the execution that has claimed it may
 * do so. The owner may take its own lease again, because the SDK repeats a call whose answer was lost.
 */
export const leaseTask = ({ owner, nowMs, expiresMs, partition, claim }: Lease): Transition => ({
  name: 'lease',
  guard: all(
    IS_STORED,
    differs('halted', true),
    IS_NOT_STOPPING,
    any(isAbsent('leaseOwner'), isAtMost('leaseExpiresMs', nowMs), equals('leaseOwner', owner)),
    claim ? isClaimedBy(claim) : isAbsent('episode'),
  ),
  update: {
    set: { leaseOwner: owner, leaseSinceMs: nowMs, leaseExpiresMs: expiresMs },
    setIfAbsent: { partition },
    fence: 'raised',
  },
})

/** Whether an uncommitted object may exist at the cursor. `before` is the task before it was leased. */
export const mayHaveUncommittedObject = (before: Task): boolean => before.partition !== undefined

/** A run saves what it did, as long as nobody took the task from it and the user did not stop it. */
export const saveTask = (fence: number, change: TaskChange): Transition => ({
  name: 'save',
  guard: all(equals('fence', fence), IS_NOT_STOPPING),
  update: { set: change, fence },
})

/** A run gives its lease back and leaves the task as it is: it may have been stopped. */
export const releaseLease = (fence: number): Transition => ({
  name: 'releaseLease',
  guard: equals('fence', fence),
  update: { set: RELEASED_LEASE },
})

/**
 * Somebody without the lease records a failure that no run can record any more. All that the change was computed from
 * must be as it was read.
 */
export const takeOverTask = (read: Task, change: TaskChange): Transition => ({
  name: 'takeOver',
  guard: all(
    equals('fence', read.fence),
    IS_NOT_STOPPING,
    isStill('renewed', read.renewed),
    isStill('episode.id', read.episode?.id),
    isStill('episode.execution', read.episode?.execution),
    isStill('leaseOwner', read.leaseOwner),
    isStill('health.changes', read.health?.changes),
  ),
  update: { set: change, fence: 'raised' },
})

/** An execution claims an open episode that no other execution has claimed. It may repeat that. */
export const claimEpisode = ({ episode, execution }: Claim): Transition => ({
  name: 'claim',
  guard: all(
    equals('episode.id', episode),
    IS_NOT_STOPPING,
    isAbsent('halted'),
    any(isAbsent('episode.execution'), equals('episode.execution', execution)),
  ),
  update: { set: {}, episode: { execution } },
})

/** A tick lets another execution claim the episode, because this one is lost. */
export const releaseClaim = (claim: Claim): Transition => ({
  name: 'releaseClaim',
  guard: isClaimedBy(claim),
  update: { set: {}, episode: { execution: undefined } },
})

/**
 * The user updated or restarted the source: the task begins anew and keeps its cursor, its lease and its fence. A run in
 * flight sees it at its next save. A task without a version has never run.
 */
export const renewTask = (version: number, now: string): Transition => ({
  name: 'renew',
  guard: all(IS_STORED, IS_NOT_STOPPING, any(isAbsent('version'), isLessThan('version', version))),
  update: {
    set: {
      state: 'Pending',
      stateSince: now,
      reachedMs: { Pending: Date.parse(now) },
      renewed: version,
      halted: undefined,
      error: undefined,
      episode: undefined,
    },
  },
})

/** The user deletes the source: no run begins, and a run in flight can save nothing more. */
export const stopTask = (now: string): Transition => ({
  name: 'stop',
  guard: all(IS_STORED, IS_NOT_STOPPING),
  update: { set: { state: 'Stopping', stateSince: now } },
})

/** The changes of health up to this number are published, and none came after it. */
export const markHealthPublished = (number: number): Transition => ({
  name: 'markHealthPublished',
  guard: equals('health.changes', number),
  update: { set: {}, health: { untold: undefined } },
})

/** A task in state Error shows one error, in its health too, and waits for its user exactly if that is for good. */
function illegalError({ error, health, episode, halted }: Task): readonly (string | false)[] {
  const isQuit = episode?.quitMs !== undefined
  const isForGood = error?.type === 'ThirdPartyConfig' || isQuit
  return [
    !error && 'is in state Error without an error',
    health?.open?.type !== error?.type && 'shows an error that its health does not',
    (health?.open?.quit ?? false) !== isQuit && 'is given up, or not, other than its health says',
    isForGood !== (halted ?? false) && 'is halted, or not, other than its error says',
  ]
}

/** Returns a sentence about each combination of a task's attributes that no transition may bring about. */
export function illegalCombinations(task: Task): readonly string[] {
  const { state, error, health, episode, halted } = task
  const found = [
    ...(state === 'Error' ? illegalError(task) : []),
    state === 'Collecting' && (error || episode || halted || health?.open) && 'is Collecting with an error',
    halted && isOpen(episode) && 'is halted in an open episode',
  ]
  return found.filter(sentence => typeof sentence === 'string')
}
