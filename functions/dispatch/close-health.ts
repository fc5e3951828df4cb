import type { HealthSubject } from '../../shared/domain/health-event.ts'
import type { Source } from '../../shared/domain/source.ts'
import type { Task } from '../../shared/domain/task.ts'
import { healedHealth } from '../../shared/domain/task-health.ts'
import type { Registry } from '../../shared/ports.ts'
import { type TellingPorts, tellHealth } from '../../shared/runtime/tell-health.ts'

interface ClosingPorts extends TellingPorts {
  readonly registry: Pick<Registry, 'collector'>
}

/** What the original calls a resource whose name it does not know (reference/sumo-api §3.3). */
const UNKNOWN = 'Unknown'

/**
 * Closes what is open of a source's tasks, all of them stopped. The tasks are not written: the time of the change is that
 * of the stop, so that a deletion that dies and is repeated tells the same events.
 */
export async function closeHealth(
  ports: ClosingPorts,
  source: Source | undefined,
  tasks: readonly Task[],
): Promise<void> {
  const concerned = tasks.filter(({ health }) => health?.open || health?.untold)
  const [first] = concerned
  if (!first) return
  const collector = await ports.registry.collector(first.collectorId)
  const names = { collectorName: collector?.name ?? UNKNOWN, sourceName: source?.name ?? UNKNOWN }
  for (const { collectorId, sourceId, api, health, stateSince: at } of concerned) {
    const subject: HealthSubject = { collectorId, sourceId, api, ...names }
    const closed = healedHealth(health, subject, { reason: 'deleted', at }) ?? health
    await tellHealth(ports, { sourceId, api, ...(closed && { health: closed }) })
  }
}
