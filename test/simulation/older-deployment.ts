import type { RetryPorts } from '../../functions/collect/retry.ts'
import { randomFrom } from '../../infra/local/account/random.ts'
import { nextPlace, placeOfSchema2, toPlainPlace } from '../../shared/domain/stream/object-key.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import { replacing, seenAfterWrites } from './defect.ts'
import type { World } from './world.ts'

type RunTasks = RetryPorts['tasks']

const seePlain = (task: Task): Task => ({ ...task, place: toPlainPlace(nextPlace(task)) })

/** The tasks as a run of the deployment before compression sees them: every object has a plain key. */
const plainTasks = (tasks: RunTasks): RunTasks =>
  replacing(seenAfterWrites(tasks, seePlain), {
    async read(key) {
      const task = await tasks.read(key)
      return task && seePlain(task)
    },
  })

/** The upgrade comes in the first three quarters of the time, so that its consequences can be seen. */
const LATEST = 3 / 4

/** Returns when the deployment before compression is upgraded, in worlds that begin with it. */
export function findUpgradeMs({ plan, scenario }: Pick<World, 'plan' | 'scenario'>): number | undefined {
  if (!plan.active.has('older-tasks')) return undefined
  const { seed, fromMs, quietMs } = scenario
  return fromMs + Math.floor(randomFrom(seed, 'upgrade').fraction() * (quietMs - fromMs) * LATEST)
}

/** Whether schema 2 would have named an uncommitted object as it is named now. */
const isNamedAlike = (task: Task): boolean =>
  task.place === undefined && (task.partition === undefined || placeOfSchema2(task) === nextPlace(task))

/**
 * Until the upgrade the runs are those of the deployment before compression. Then the next deployment finds the tasks as
 * they are, some of them leased or in mid-page. Runs that have begun go on to their end, and their puts may land later
 * still. Returns what adapts the ports of a run that begins now.
 */
export function startOlderDeployment(world: World): (ports: RetryPorts) => RetryPorts {
  const { plan, timeline, stores, trace } = world
  const upgradeMs = findUpgradeMs(world)
  if (upgradeMs === undefined) return ports => ports
  const random = plan.random('older-tasks')
  timeline.at(upgradeMs, () => {
    trace.note('deployment', 'is upgraded')
    for (const [id, task] of stores.tasks.items) {
      plan.count('older-tasks')
      const schema = isNamedAlike(task) && random.chance(0.5) ? 2 : 3
      stores.tasks.items.set(id, { ...task, schema })
    }
  })
  return ports => (timeline.now() < upgradeMs ? { ...ports, tasks: plainTasks(ports.tasks) } : ports)
}
