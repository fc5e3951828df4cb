import type { TaskFault } from '../../shared/domain/failure.ts'
import type { HealthSubject, HealthyReason } from '../../shared/domain/health-event.ts'
import type { TaskChange } from '../../shared/domain/progress.ts'
import { healedHealth, troubledHealth } from '../../shared/domain/task-health.ts'
import { tellHealth } from '../../shared/runtime/tell-health.ts'
import type { Run } from './run.ts'

const subjectOf = ({ task, api, registered: { collector, source } }: Run): HealthSubject => ({
  collectorId: task.collectorId,
  sourceId: task.sourceId,
  api,
  collectorName: collector.name,
  sourceName: source.name,
})

/** Goes into the very write that puts the task in state Error. Empty while the trouble is the same. */
export function troubled(run: Run, fault: TaskFault): TaskChange {
  const health = troubledHealth(run.task.health, subjectOf(run), fault)
  return health ? { health } : {}
}

/** Goes into the very write that takes the task out of state Error. Empty if there was no trouble. */
export function healed(run: Run, reason: HealthyReason, at: string): TaskChange {
  const health = healedHealth(run.task.health, subjectOf(run), { reason, at })
  return health ? { health } : {}
}

/** Tells what changed. A failure fails no run: the task's item still has it, and the next run or tick tells it. */
export async function tell({ ports, task }: Run): Promise<void> {
  try {
    await tellHealth(ports, task)
  } catch (error) {
    ports.log.warn('health not told, the next run or tick does', { reason: String(error) })
  }
}
