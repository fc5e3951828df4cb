import { isOfOlderSchema, type Task } from '../../shared/domain/task/task.ts'
import type { Clock, TaskStore } from '../../shared/ports.ts'

interface UpgradePorts {
  readonly clock: Pick<Clock, 'now'>
  readonly tasks: Pick<TaskStore, 'upgrade'>
}

interface Upgraded {
  /** The tasks, except those that could not be upgraded. Nobody can write those until a later tick upgrades them. */
  readonly page: readonly Task[]
  readonly failures: readonly unknown[]
}

/** Rewrites the tasks that an earlier deployment stored. Makes no call if there are none. */
export async function upgradeOlder(
  { clock, tasks }: UpgradePorts,
  found: readonly Task[],
): Promise<Upgraded> {
  if (!found.some(isOfOlderSchema)) return { page: found, failures: [] }
  const ends = await Promise.allSettled(
    found.map(async task => (isOfOlderSchema(task) ? tasks.upgrade(task, clock.now()) : task)),
  )
  return {
    page: ends.flatMap(end => (end.status === 'fulfilled' && end.value ? [end.value] : [])),
    failures: ends.flatMap(end => (end.status === 'rejected' ? [end.reason] : [])),
  }
}
