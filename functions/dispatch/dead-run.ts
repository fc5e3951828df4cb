import { recordDeath, type TakingOverPorts } from '../../shared/application/take-over.ts'
import { type TellingPorts, tellHealth } from '../../shared/application/tell-health.ts'
import { type DeadRun, isNews } from '../../shared/domain/task/dead-run.ts'
import { episodeOf, isOpen } from '../../shared/domain/task/episode.ts'
import type { Bus, Clock, TaskStore } from '../../shared/ports.ts'

export interface DeadRunPorts extends TakingOverPorts, TellingPorts {
  readonly clock: Clock
  readonly tasks: Pick<TaskStore, 'read' | 'apply'>
  readonly bus: Pick<Bus, 'publishHealth' | 'publishOpened'>
}

/**
 * Opens an episode for a run that could not say that it failed. False: something else is known of its task by now. What
 * this does not get to, the next tick does.
 */
export async function openForDeadRun(ports: DeadRunPorts, run: DeadRun): Promise<boolean> {
  const { sourceId, api } = run.address
  const task = await ports.tasks.read({ sourceId, api })
  if (!task || !isNews(run, task, ports.clock.now())) return false
  const failed = await recordDeath(ports, task, run.death, true)
  if (!failed) return false
  if (isOpen(failed.episode)) await ports.bus.publishOpened([episodeOf(failed, failed.episode)])
  await tellHealth(ports, failed)
  return true
}
