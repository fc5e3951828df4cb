import { tellHealth } from '../../shared/application/tell-health.ts'
import { tokenExpiry } from '../../shared/domain/source/token-expiry.ts'
import { isoOf } from '../../shared/domain/stream/timestamp.ts'
import type { HealthSubject } from '../../shared/domain/task/health-event.ts'
import { changed, type TaskChange } from '../../shared/domain/task/task-change.ts'
import { healedHealth, type TaskHealth, troubledHealth } from '../../shared/domain/task/task-health.ts'
import {
  caughtUpHealth,
  closedHealth,
  expiryHealth,
  resetHealth,
} from '../../shared/domain/task/task-warnings.ts'
import { nowIso, type Run } from './run.ts'

const subjectOf = ({ task, api, registered: { collector, source } }: Run): HealthSubject => ({
  collectorId: task.collectorId,
  sourceId: task.sourceId,
  api,
  collectorName: collector.name,
  sourceName: source.name,
})

const healthChange = (health: TaskHealth | undefined): TaskChange => (health ? { health } : {})

/** Of a token that this run has not read nothing is known. */
const expiring = (run: Run, health: TaskHealth | undefined, at: string): TaskHealth | undefined =>
  run.token === undefined ? undefined : expiryHealth(health, subjectOf(run), tokenExpiry(run.token), at)

/** Goes into the very write that puts the task in state Error. Empty if nothing changed. */
export function troubled(run: Run, { error, episode }: TaskChange): TaskChange {
  if (!error) return {}
  const quit = episode?.quitMs !== undefined
  const troubled = troubledHealth(run.task.health, subjectOf(run), error, quit)
  return healthChange(expiring(run, troubled ?? run.task.health, error.at) ?? troubled)
}

/** Goes into the very write that takes the task out of state Error. Empty if nothing changed. */
export function healed(run: Run, at: string, drained: boolean): TaskChange {
  const { health } = run.task
  const subject = subjectOf(run)
  const well = healedHealth(health, subject, { reason: 'collecting', at })
  const caughtUp = (drained ? caughtUpHealth(well ?? health, subject, at) : undefined) ?? well
  return healthChange(expiring(run, caughtUp ?? health, at) ?? caughtUp)
}

/** Goes into the very write that takes the task out of its source. Empty if nothing was open. */
export const closed = (run: Run, at: string): TaskChange =>
  healthChange(closedHealth(run.task.health, subjectOf(run), { reason: 'removed', at }))

/** Goes into the very write that replaces the refused cursor. `answer`: the refusal, with its HTTP status. */
export function resetTold(run: Run, reset: TaskChange, answer: string): TaskChange {
  const { cursorSinceMs, lastEventTime, health } = run.task
  const told = {
    answer,
    from: changed(run.task, reset).startTime,
    ...(cursorSinceMs !== undefined && { cursorSince: isoOf(cursorSinceMs) }),
    ...(lastEventTime !== undefined && { lastEventTime }),
  }
  return { health: resetHealth(health, subjectOf(run), told, nowIso(run)) }
}

/** Tells what changed. A failure fails no run: the task's item still has it, and the next run or tick tells it. */
export async function tell({ ports, task }: Pick<Run, 'ports' | 'task'>): Promise<void> {
  try {
    await tellHealth(ports, task)
  } catch (error) {
    ports.log.warn('health not told, the next run or tick does', { reason: String(error) })
  }
}
