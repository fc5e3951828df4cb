import { type HealthPublishingPorts, publishHealth } from '../../shared/application/publish-health.ts'
import type { Source } from '../../shared/domain/source/source.ts'
import { type HealthSubject, UNKNOWN_NAME } from '../../shared/domain/task/health-event.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import { closedHealth } from '../../shared/domain/task/task-warnings.ts'
import type { Registry } from '../../shared/ports.ts'

interface ClosingPorts extends HealthPublishingPorts {
  readonly registry: Pick<Registry, 'collector'>
}

/**
 * Closes the open health events of a source's stopped tasks. It does not write the tasks. The events have the time of
 * the stop, so that a deletion that dies and is repeated publishes the same events.
 */
export async function closeHealth(
  ports: ClosingPorts,
  source: Source | undefined,
  tasks: readonly Task[],
): Promise<void> {
  const concerned = tasks.filter(({ health }) => health?.open || health?.warnings || health?.untold)
  const [first] = concerned
  if (!first) return
  const collector = await ports.registry.collector(first.collectorId)
  const names = { collectorName: collector?.name ?? UNKNOWN_NAME, sourceName: source?.name ?? UNKNOWN_NAME }
  for (const { collectorId, sourceId, api, health, stateSince: at } of concerned) {
    const subject: HealthSubject = { collectorId, sourceId, api, ...names }
    const closed = closedHealth(health, subject, { reason: 'deleted', at }) ?? health
    await publishHealth(ports, { sourceId, api, ...(closed && { health: closed }) })
  }
}
