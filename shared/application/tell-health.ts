import { markHealthPublished } from '../domain/task/life.ts'
import type { Task } from '../domain/task/task.ts'
import type { Bus, HealthEvents, TaskStore } from '../ports.ts'

export interface TellingPorts {
  readonly healthEvents: Pick<HealthEvents, 'record'>
  readonly bus: Pick<Bus, 'publishHealth'>
  readonly tasks: Pick<TaskStore, 'apply'>
}

/**
 * Records the changes of health that a task has not told, publishes them, and only then notes that they are told: what
 * dies in between is told again, as the same events.
 */
export async function tellHealth(
  { healthEvents, bus, tasks }: TellingPorts,
  { sourceId, api, health }: Pick<Task, 'sourceId' | 'api' | 'health'>,
): Promise<void> {
  if (!health?.untold || health.untold.length === 0) return
  for (const change of health.untold) await healthEvents.record(sourceId, change)
  await bus.publishHealth(health.untold.map(({ event }) => event))
  await tasks.apply({ sourceId, api }, markHealthPublished(health.changes))
}
