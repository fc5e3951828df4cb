import { markHealthPublished } from '../domain/task/life.ts'
import type { Task } from '../domain/task/task.ts'
import type { Bus, HealthEvents, TaskStore } from '../ports.ts'

export interface HealthPublishingPorts {
  readonly healthEvents: Pick<HealthEvents, 'record'>
  readonly bus: Pick<Bus, 'publishHealth'>
  readonly tasks: Pick<TaskStore, 'apply'>
}

/**
 * Records the unpublished changes of a task's health in the table, publishes them on the bus, and only then notes that
 * they are published. If the process dies in between, the same events are recorded and published again.
 */
export async function publishHealth(
  { healthEvents, bus, tasks }: HealthPublishingPorts,
  { sourceId, api, health }: Pick<Task, 'sourceId' | 'api' | 'health'>,
): Promise<void> {
  if (!health?.untold || health.untold.length === 0) return
  for (const change of health.untold) await healthEvents.record(sourceId, change)
  await bus.publishHealth(health.untold.map(({ event }) => event))
  await tasks.apply({ sourceId, api }, markHealthPublished(health.changes))
}
