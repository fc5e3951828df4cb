import { all, equals, isAbsent, isPresent, isStill } from './condition.ts'
import { type Transition, taskCondition } from './life.ts'
import type { Task } from './task.ts'
import type { TaskHealth } from './task-health.ts'

/** Configuration errors of a token, a feature or a host: introspection can show that they are mended. */
const LOOKED_AT: ReadonlySet<number | undefined> = new Set([401, 403, 404])

/** A task that failed again at once after a look had restarted it is looked at so many times less often. */
const RELAPSE_FACTOR = 24

/** The last look has restarted the task, and no run has ended well between that and the error. */
function hasRelapsed({ lookedMs, error, lastSuccessAt = '' }: Task): boolean {
  if (lookedMs === undefined || !error || Date.parse(error.at) <= lookedMs) return false
  return !(Date.parse(lastSuccessAt) > lookedMs)
}

/**
 * Whether a task with a configuration error is to be looked at: so many milliseconds have passed since its error or its last
 * look. Zero turns looks off.
 */
export function isLookDue(task: Task, nowMs: number, everyMs: number): boolean {
  const { error, lookedMs = 0 } = task
  // 1Password knows nothing of a destination.
  if (everyMs <= 0 || error?.where === 'destination' || !LOOKED_AT.has(error?.code)) return false
  if (taskCondition(task) !== 'misconfigured') return false
  const sinceMs = Math.max(Date.parse(error?.at ?? ''), lookedMs)
  return nowMs - sinceMs >= everyMs * (hasRelapsed(task) ? RELAPSE_FACTOR : 1)
}

/** The task waits for its user as it did when it was read, and no other look has come since. */
const isAsRead = (read: Task) =>
  all(
    equals('fence', read.fence),
    equals('state', 'Error'),
    isPresent('halted'),
    isAbsent('episode'),
    isStill('lookedMs', read.lookedMs),
  )

/** A tick asks for a look. It is written before that, so that no second look is asked for. */
export const markLooked = (read: Task, nowMs: number): Transition => ({
  name: 'markLooked',
  guard: isAsRead(read),
  update: { set: { lookedMs: nowMs } },
})

/**
 * A look has found that the API takes the token: the task begins anew, keeps its cursor, and is introspected again. `health`:
 * its health without the error.
 */
export const reviveTask = (read: Task, now: string, health: TaskHealth | undefined): Transition => ({
  name: 'revive',
  guard: all(isAsRead(read), isStill('health.changes', read.health?.changes)),
  update: {
    set: {
      state: 'Pending',
      stateSince: now,
      reachedMs: { Pending: Date.parse(now) },
      halted: undefined,
      error: undefined,
      introspected: undefined,
      ...(health && { health }),
    },
  },
})
