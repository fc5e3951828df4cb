import { type HealthPublishingPorts, publishHealth } from '../../shared/application/publish-health.ts'
import { recordDeath, type TakingOverPorts } from '../../shared/application/take-over.ts'
import { type DeadRun, isNews } from '../../shared/domain/task/dead-run.ts'
import { isOpen, toOpenedEvent } from '../../shared/domain/task/episode.ts'
import type { Bus, Clock, TaskStore } from '../../shared/ports.ts'

interface DeadRunPorts extends TakingOverPorts, HealthPublishingPorts {
  readonly clock: Clock
  readonly tasks: Pick<TaskStore, 'read' | 'apply'>
  readonly bus: Pick<Bus, 'publishHealth' | 'publishOpened'>
}

/**
 * Opens an episode for a run that died and could not record its failure. Returns false if the run never began, or
 * if the task has recorded something newer. If the process dies before the end, the next tick does the rest.
 */
export async function openForDeadRun(ports: DeadRunPorts, run: DeadRun): Promise<boolean> {
  const { sourceId, api } = run.address
  const task = await ports.tasks.read({ sourceId, api })
  if (!task || !isNews(run, task, ports.clock.now())) return false
  const failed = await recordDeath(ports, task, run.death, { isDead: true })
  if (!failed) return false
  if (isOpen(failed.episode)) await ports.bus.publishOpened([toOpenedEvent(failed, failed.episode)])
  await publishHealth(ports, failed)
  return true
}
