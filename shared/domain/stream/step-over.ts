import { unreadFromMs } from '../task/read-time.ts'
import { joinSteps, type Step, type StepRequest } from '../task/step.ts'
import type { Task } from '../task/task.ts'
import type { TaskChange } from '../task/task-change.ts'
import { resetChain } from './reset.ts'
import { toIsoTime, toMilliseconds } from './timestamp.ts'

/** Returns what is stepped over by a request. Undefined if it leads back, so that nothing is. */
export function findStep(task: Task, nowMs: number, request: StepRequest): Step | undefined {
  const fromMs = Math.max(unreadFromMs(task, nowMs), toMilliseconds(task.startTime))
  return fromMs < toMilliseconds(request.to) ? { from: toIsoTime(fromMs), ...request } : undefined
}

/**
 * Begins a new chain at a time that somebody has chosen, with pages of the usual size. What was delivered of the time
 * behind it is dropped when it comes again.
 */
export function beginAt(task: Task, nowMs: number, to: string, step: Step | undefined): TaskChange {
  const { lastObjectKey } = task
  return {
    ...resetChain(task, nowMs),
    startTime: to,
    overlap: lastObjectKey === undefined ? undefined : { from: to, lastObjectKey },
    pageLimit: undefined,
    unreadableAt: undefined,
    stepRequest: undefined,
    ...(step && { stepped: joinSteps(task.stepped, step) }),
  }
}

/** The same behind an event that cannot be read in any way. */
export const stepOver = (task: Task, nowMs: number, step: Step): TaskChange => ({
  ...beginAt(task, nowMs, step.to, step),
  unreadable: (task.unreadable ?? 0) + 1,
})
