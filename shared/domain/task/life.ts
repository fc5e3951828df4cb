import type { DueReason } from '../../contract/events.ts'
import {
  CLAIM_SECONDS,
  COLLECT_TIMEOUT_SECONDS,
  QUIT_GRACE_SECONDS,
  RUN_ANSWER_SECONDS,
} from '../../contract/timing.ts'
import {
  all,
  any,
  type Condition,
  differs,
  equals,
  holds,
  isAbsent,
  isAtMost,
  isLessThan,
  isPresent,
  isStill,
} from './condition.ts'
import { type Episode, isOpen } from './episode.ts'
import type { StepRequest } from './step.ts'
import { isLeased, TASK_SCHEMA, type Task } from './task.ts'
import { RELEASED_LEASE, type TaskChange, type TaskUpdate } from './task-change.ts'

/*
 * The life of a task. In capitals: what `taskCondition` returns. On the lines: what brings it about.
 *
 *                     created
 *                        |
 *                        v        the user updates or restarts the source (renewTask)
 *     +---------------> WELL <------------------------------------------------------------+
 *     |                 |  |                                                              |
 *     |                 |  +-- a run meets what only the user can mend --> MISCONFIGURED -+
 *     |    a run fails  |  |                                                              |
 *     |    or dies      |  +-- a run finds that the source lost this API ------> PARKED --+
 *     |                 v                                                                 |
 *     +------------- RETRYING -- its deadline passes -------------------------> GIVEN UP -+
 *     a run ends well       \__ and on to MISCONFIGURED or PARKED, as from WELL
 *
 *     from each of them: the user deletes the source (stopTask) --> STOPPING --> removed
 *
 * In each condition but the last a task is free or leased:
 *
 *     FREE -- leaseTask --> LEASED -- saveTask, until one of them gives the lease back --> FREE
 *                           LEASED -- releaseLease, if the run has nothing to save ------> FREE
 *                           LEASED -- the lease expires, and leaseTask comes again ------> LEASED
 *                           LEASED -- takeOverTask: the run can save nothing more -------> FREE or LEASED
 *
 * While it is RETRYING, one execution of the retry state machine claims its episode:
 *
 *     UNCLAIMED -- claimEpisode --> CLAIMED -- releaseClaim, if the execution is lost --> UNCLAIMED
 */

/**
 * How a task is doing: a tick collects the one that is `well`, the retry state machine the one that is `retrying`. The
 * others are collected by nobody: those that are `givenUp` or `misconfigured` wait for the user, `parked` ones for an
 * update of the source, and `stopping` ones are about to be removed.
 */
export type TaskCondition = 'well' | 'retrying' | 'givenUp' | 'misconfigured' | 'parked' | 'stopping'

type Conditioned = Pick<Task, 'state' | 'halted' | 'episode'>

/** Returns how a task is doing. */
export function taskCondition({ state, halted, episode }: Conditioned): TaskCondition {
  if (state === 'Stopping') return 'stopping'
  if (episode) return isOpen(episode) ? 'retrying' : 'givenUp'
  if (!halted) return 'well'
  return state === 'Pending' ? 'parked' : 'misconfigured'
}

/** Whether the lease of a task has expired: its run died, or took too long. */
const hasExpiredLease = (task: Task, nowMs: number): boolean =>
  task.leaseOwner !== undefined && !isLeased(task, nowMs)

/** Returns why a tick dispatches this task, or undefined if it does not. */
export function dueReason(task: Task, nowMs: number): DueReason | undefined {
  if (taskCondition(task) !== 'well' || isLeased(task, nowMs)) return undefined
  return hasExpiredLease(task, nowMs) ? 'abandoned' : 'tick'
}

/** After its next retry an execution asks collect for something within this time: the longest run and one minute. */
const LONGEST_STEP_MS = (COLLECT_TIMEOUT_SECONDS + RUN_ANSWER_SECONDS + 60) * 1000

/**
 * Returns what a tick has to do about an episode: nobody has given it up in time (`episodeOverdue`), no execution has
 * claimed it (`claimMissing`), or the execution that has claimed it is lost (`executionLost`).
 */
export function findOverdueWork(
  task: Conditioned,
  nowMs: number,
): 'claimMissing' | 'executionLost' | 'episodeOverdue' | undefined {
  const { episode } = task
  if (!episode || taskCondition(task) !== 'retrying') return undefined
  const { startedMs, deadlineMs, nextRetryMs, execution } = episode
  if (nowMs >= deadlineMs + QUIT_GRACE_SECONDS * 1000) return 'episodeOverdue'
  if (execution === undefined) return nowMs >= startedMs + CLAIM_SECONDS * 1000 ? 'claimMissing' : undefined
  return nowMs >= nextRetryMs + LONGEST_STEP_MS ? 'executionLost' : undefined
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
    | 'requestStep'
    | 'markLooked'
    | 'revive'
    | 'stop'
    | 'markHealthPublished'
    | 'lend'
  readonly guard: Condition
  readonly update: TaskUpdate
}

/** An execution of the state machine, and the episode that it has claimed. */
export interface Claim {
  readonly episode: string
  readonly execution: string
}

/** What a run asks for when it begins. */
export interface Lease {
  readonly owner: string
  readonly nowMs: number
  readonly expiresMs: number
  /** Date folder for the next object, unless the task has one already. */
  readonly partition: string
  /** Present if the state machine started the run. A run without a claim cannot lease a task in an episode. */
  readonly claim?: Claim | undefined
}

const IS_STORED = isPresent('fence')

const IS_NOT_STOPPING = differs('state', 'Stopping')

const isClaimedBy = ({ episode, execution }: Claim): Condition =>
  all(equals('episode.id', episode), equals('episode.execution', execution))

/** Returns the episode of a claim, if it is open and nobody else has claimed it since. */
export const findClaimedEpisode = (task: Task | undefined, claim: Claim): Episode | undefined =>
  task && taskCondition(task) === 'retrying' && holds(isClaimedBy(claim), task) ? task.episode : undefined

/**
 * A run leases a task that is free, or whose lease has expired. In an episode only the execution that has claimed it
 * may do so. The owner may take its own lease again, because the SDK repeats a call whose answer was lost.
 */
export const leaseTask = ({ owner, nowMs, expiresMs, partition, claim }: Lease): Transition => ({
  name: 'lease',
  guard: all(
    equals('schema', TASK_SCHEMA),
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

/** Whether an uncommitted object may exist at the end of the ledger. `before` is the task before it was leased. */
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
 * Somebody without the lease records a failure that no run can record any more. The guard requires that every attribute
 * from which the change was computed is still as it was read.
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
 * The user updated or restarted the source: the task begins anew and keeps its cursor, its lease and its fence. A run
 * in flight sees it at its next save. A task without a version has never run.
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
      lookedMs: undefined,
      episode: undefined,
    },
  },
})

/** An operator wants something stepped over. The next run that begins does it. */
export const requestStep = (stepRequest: StepRequest): Transition => ({
  name: 'requestStep',
  guard: all(IS_STORED, IS_NOT_STOPPING),
  update: { set: { stepRequest } },
})

/** The user deletes the source: no run begins, and a run in flight can save nothing more. */
export const stopTask = (now: string): Transition => ({
  name: 'stop',
  guard: all(IS_STORED, IS_NOT_STOPPING),
  update: { set: { state: 'Stopping', stateSince: now } },
})

/** Notes that all changes of health are published. The guard requires that this number is the last one. */
export const markHealthPublished = (number: number): Transition => ({
  name: 'markHealthPublished',
  guard: equals('health.changes', number),
  update: { set: {}, health: { untold: undefined } },
})

/** In state Error, error and health must agree, and the task is halted exactly if only its user can help. */
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
