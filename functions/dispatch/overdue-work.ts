import { type HealthPublishingPorts, publishHealth } from '../../shared/application/publish-health.ts'
import { giveUp, type TakingOverPorts } from '../../shared/application/take-over.ts'
import type { EpisodeOpened } from '../../shared/contract/events.ts'
import { throwFailures } from '../../shared/domain/failure/combined-failure.ts'
import { type Episode, toOpenedEvent } from '../../shared/domain/task/episode.ts'
import { findOverdueWork, releaseClaim } from '../../shared/domain/task/life.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { Bus, Clock, TaskStore } from '../../shared/ports.ts'

export interface OverdueWorkPorts extends TakingOverPorts, HealthPublishingPorts {
  readonly clock: Clock
  readonly tasks: Pick<TaskStore, 'apply'>
  readonly bus: Pick<Bus, 'publishHealth' | 'publishOpened'>
}

interface OverdueWork {
  readonly task: Task
  readonly episode: Episode
  readonly kind: NonNullable<ReturnType<typeof findOverdueWork>>
}

/** Returns the episodes that the state machine should have claimed, retried or given up by now, and has not. */
export const listOverdueWork = (page: readonly Task[], nowMs: number): OverdueWork[] =>
  page.flatMap(task => {
    const kind = findOverdueWork(task, nowMs)
    return kind && task.episode ? [{ task, episode: task.episode, kind }] : []
  })

/**
 * Gives up an overdue episode. For any other episode it returns the event that starts an execution. The claim of a lost
 * execution is released first, so that the new execution can claim the episode.
 */
async function repair(
  ports: OverdueWorkPorts,
  { task, episode, kind }: OverdueWork,
): Promise<EpisodeOpened[]> {
  if (kind === 'episodeOverdue') {
    const given = await giveUp(ports, task, episode)
    if (given) await publishHealth(ports, given)
    return []
  }
  const { id, execution } = episode
  if (execution !== undefined) {
    const released = await ports.tasks.apply(task, releaseClaim({ episode: id, execution }))
    if (!released) return []
  }
  return [toOpenedEvent(task, episode)]
}

/**
 * Gives up the overdue episodes, and starts executions of the state machine for the others. If some of it fails, the
 * rest is done before it throws.
 */
export async function repairOverdueWork(
  ports: OverdueWorkPorts,
  overdue: readonly OverdueWork[],
): Promise<void> {
  const ends = await Promise.allSettled(overdue.map(each => repair(ports, each)))
  const opened = ends.flatMap(end => (end.status === 'fulfilled' ? end.value : []))
  if (opened.length > 0) await ports.bus.publishOpened(opened)
  throwFailures(ends)
}
