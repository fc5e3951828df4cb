import type { CollectionDue } from '../../shared/contract/events.ts'
import { throwFailures } from '../../shared/domain/failure/combined-failure.ts'
import { isLookDue, markLooked } from '../../shared/domain/task/quiet-look.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { Bus, Clock, TaskStore } from '../../shared/ports.ts'

export interface QuietLookPorts {
  readonly clock: Pick<Clock, 'now'>
  readonly tasks: Pick<TaskStore, 'apply'>
  readonly bus: Pick<Bus, 'publishDue'>
}

/**
 * Asks for a look at each task that has waited for its user long enough. The look is noted first: if its event is lost, the
 * next one comes as late as any other.
 */
export async function askForLooks(
  { clock, tasks, bus }: QuietLookPorts,
  page: readonly Task[],
  everyMs: number,
): Promise<void> {
  const nowMs = clock.now()
  const waiting = page.filter(task => isLookDue(task, nowMs, everyMs))
  const ends = await Promise.allSettled(waiting.map(task => tasks.apply(task, markLooked(task, nowMs))))
  const due = ends.flatMap((end): CollectionDue[] => {
    if (end.status === 'rejected' || !end.value) return []
    const { collectorId, sourceId, api } = end.value.after
    return [{ collectorId, sourceId, api, reason: 'look' }]
  })
  if (due.length > 0) await bus.publishDue(due)
  throwFailures(ends)
}
