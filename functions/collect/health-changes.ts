import { publishHealth } from '../../shared/application/publish-health.ts'
import { loggableError } from '../../shared/domain/failure/loggable-error.ts'
import { tokenExpiry } from '../../shared/domain/source/token-expiry.ts'
import { unreadableFolder } from '../../shared/domain/stream/object-key.ts'
import { findGap } from '../../shared/domain/stream/reset.ts'
import { toIsoTime } from '../../shared/domain/stream/timestamp.ts'
import type { HealthSubject } from '../../shared/domain/task/health-event.ts'
import type { Step } from '../../shared/domain/task/step.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import { changed, type TaskChange } from '../../shared/domain/task/task-change.ts'
import { healedHealth, type TaskHealth, troubledHealth } from '../../shared/domain/task/task-health.ts'
import {
  askedStepHealth,
  caughtUpHealth,
  closedHealth,
  expiryHealth,
  gapHealth,
  overlapUnknownHealth,
  resetHealth,
  restoredHealth,
  steppedOverHealth,
  successorHealth,
  unreadableHealth,
} from '../../shared/domain/task/task-warnings.ts'
import type { SteppedOver, UnknownOverlap } from '../../shared/domain/task/warning.ts'
import type { CollectPorts } from './collect-ports.ts'
import type { Delivery } from './deliver.ts'
import { hasRules, nowIso, type Run } from './run.ts'

const toSubject = ({ lease: { task }, registered: { collector, source } }: Run): HealthSubject => ({
  collectorId: task.collectorId,
  sourceId: task.sourceId,
  api: task.api,
  collectorName: collector.name,
  sourceName: source.name,
})

const toChange = (health: TaskHealth | undefined): TaskChange => (health ? { health } : {})

function warnOfSuccessor(run: Run, health: TaskHealth | undefined, at: string): TaskHealth | undefined {
  const { successor } = run.token
  if (successor === 'unknown') return undefined
  return successorHealth(health, toSubject(run), successor === 'none' ? undefined : successor, at)
}

/** Undefined if there is no news of the token. A run that has not read its token knows none. */
function warnOfToken(run: Run, health: TaskHealth | undefined, at: string): TaskHealth | undefined {
  const { value } = run.token
  const expiry =
    value === undefined ? undefined : expiryHealth(health, toSubject(run), tokenExpiry(value), at)
  return warnOfSuccessor(run, expiry ?? health, at) ?? expiry
}

/** Belongs into the write that puts the task in state Error. Empty if nothing changed. */
export function changeHealthAfterFailure(run: Run, { error, episode }: TaskChange): TaskChange {
  if (!error) return {}
  const { health } = run.lease.task
  const isQuit = episode?.quitMs !== undefined
  const troubled = troubledHealth(health, toSubject(run), error, isQuit)
  return toChange(warnOfToken(run, troubled ?? health, error.at) ?? troubled)
}

/**
 * Belongs into the write that takes the task out of state Error. `health` is the task's, or what the same write makes of
 * it. Empty if nothing changed.
 */
export function changeHealthAfterSuccess(
  run: Run,
  at: string,
  isDrained: boolean,
  health: TaskHealth | undefined = run.lease.task.health,
): TaskChange {
  const subject = toSubject(run)
  const healed = healedHealth(health, subject, { reason: 'collecting', at })
  const caughtUp = (isDrained ? caughtUpHealth(healed ?? health, subject, at) : undefined) ?? healed
  return toChange(warnOfToken(run, caughtUp ?? health, at) ?? caughtUp)
}

/** The health after the commit of a page. Undefined if it stays as it was. */
export const healthAfterPage = (
  run: Run,
  { key, record }: Pick<Delivery, 'key' | 'record'>,
  at: string,
): TaskHealth | undefined =>
  key === undefined || !record?.unreadableCount
    ? undefined
    : unreadableHealth(
        run.lease.task.health,
        toSubject(run),
        { count: record.unreadableCount, ...(!hasRules(run) && { key: unreadableFolder(key) }) },
        at,
      )

/** Belongs into the write that notes that the overlap is not wholly known. */
export const changeHealthAfterWalk = (run: Run, unknown: UnknownOverlap): TaskChange => ({
  health: overlapUnknownHealth(run.lease.task.health, toSubject(run), unknown, nowIso(run)),
})

/** Belongs into the write that steps over what cannot be read. */
export const changeHealthAfterStep = (run: Run, steppedOver: SteppedOver): TaskChange => ({
  health: steppedOverHealth(run.lease.task.health, toSubject(run), steppedOver, nowIso(run)),
})

/** The same if an operator has asked for it. Empty if nothing is stepped over. */
export const changeHealthAfterAskedStep = (run: Run, step: Step | undefined): TaskChange =>
  step ? { health: askedStepHealth(run.lease.task.health, toSubject(run), step, nowIso(run)) } : {}

/** Belongs into the write that restarts a task that waited for its user. Undefined if no health event was open. */
export const healOfLook = (run: Run, at: string): TaskHealth | undefined =>
  healedHealth(run.lease.task.health, toSubject(run), { reason: 'looked', at })

/** Belongs into the write that parks the task. Empty if no health event was open. */
export const closeHealthOfParked = (run: Run, at: string): TaskChange =>
  toChange(closedHealth(run.lease.task.health, toSubject(run), { reason: 'removed', at }))

/** Belongs into the write that replaces the refused cursor. `answer`: the refusal, with its HTTP status. */
export function changeHealthAfterReset(run: Run, reset: TaskChange, answer: string): TaskChange {
  const { task } = run.lease
  const { cursorSinceMs, lastEventTime, health } = task
  const gap = findGap(task, run.ports.clock.now())
  const facts = {
    answer,
    ...(gap && { gap }),
    from: changed(task, reset).startTime,
    ...(cursorSinceMs !== undefined && { cursorSince: toIsoTime(cursorSinceMs) }),
    ...(lastEventTime !== undefined && { lastEventTime }),
  }
  return { health: resetHealth(health, toSubject(run), facts, nowIso(run)) }
}

/**
 * Belongs into the write that begins a chain for another reason. Empty if the chain loses nothing by what 1Password no
 * longer keeps.
 */
export function changeHealthAfterStart(run: Run, { startTime }: TaskChange): TaskChange {
  const { task } = run.lease
  const gap = startTime === undefined ? undefined : findGap(task, run.ports.clock.now())
  return gap ? { health: gapHealth(task.health, toSubject(run), gap, nowIso(run)) } : {}
}

/** The health after the commit of an object that the table should have known. Undefined if the warning is open already. */
export function healthAfterRestore(
  run: Run,
  health: TaskHealth | undefined,
  at: string,
): TaskHealth | undefined {
  const { task } = run.lease
  return restoredHealth(health ?? task.health, toSubject(run), task.lastSuccessAt, at)
}

/**
 * Publishes what changed. A failure does not fail the run: the task still has the changes, and the next run or tick
 * publishes them.
 */
export async function tryToPublishHealth(ports: CollectPorts, task: Task): Promise<void> {
  try {
    await publishHealth(ports, task)
  } catch (error) {
    ports.log.warn('health events were not published, the next run or tick does it', {
      error: loggableError(error),
    })
  }
}
