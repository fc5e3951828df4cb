import { isLeased, type Task } from '../../shared/domain/task/task.ts'
import { randomTimes } from './fault-plan.ts'
import type { Fault } from './faults.ts'
import { findUpgradeMs } from './older-deployment.ts'
import { taskName } from './stores.ts'
import type { World } from './world.ts'

/** What a backup sets back: all that a task knows of its stream. The rest is another matter: docs/deploy.md. */
const STREAM = [
  ...([
    'chain',
    'startTime',
    'cursor',
    'trail',
    'cursorSinceMs',
    'partition',
    'place',
    'link',
    'lastObjectKey',
  ] as const),
  ...([
    'pages',
    'events',
    'lateEvents',
    'firstEventTime',
    'lastEventTime',
    'newestTime',
    'aheadKey',
    'readUntil',
    'lastSuccessAt',
    'behind',
  ] as const),
  ...(['overlap', 'stepped', 'baseUrl', 'accountUuid', 'introspected'] as const),
] satisfies readonly (keyof Task)[]

const HOUR_MS = 3_600_000
const MOST_HOURS = 40

const isStream = (name: string): boolean => (STREAM as readonly string[]).includes(name)

/** The task with the stream of an earlier one. */
function withStreamOf(task: Task, earlier: Task): Task {
  const rest = Object.entries(task).filter(([name]) => !isStream(name))
  const stream = Object.entries(earlier).filter(([name]) => isStream(name))
  return Object.fromEntries([...rest, ...stream]) as unknown as Task
}

/** Nobody has begun a put whose outcome is not known. The restore of a real table waits for that, too. */
const isAtRest = (task: Task, nowMs: number): boolean =>
  !isLeased(task, nowMs) && task.partition === undefined

interface Backup {
  readonly takenMs: number
  readonly tasks: ReadonlyMap<string, Task>
}

/** Keeps the tasks of every hour, and now and then sets those back that are at rest. */
function startRestores(world: World): void {
  const { plan, timeline, scenario, stores, trace } = world
  const upgradeMs = findUpgradeMs(world) ?? Number.NEGATIVE_INFINITY
  const { items } = stores.tasks
  const backups: Backup[] = []
  const random = plan.random('tables-restored')
  function keep(): void {
    backups.push({ takenMs: timeline.now(), tasks: new Map(items) })
    timeline.after(HOUR_MS, keep)
  }
  keep()
  for (const ms of randomTimes(random, scenario.fromMs + 2 * HOUR_MS, scenario.quietMs, 3)) {
    timeline.at(ms, () => {
      const backup = backups.at(-1 - random.integer(Math.min(MOST_HOURS, backups.length)))
      for (const [id, task] of items) {
        const earlier = backup?.tasks.get(id)
        if (!backup || !earlier || !isAtRest(task, timeline.now())) continue
        plan.count('tables-restored')
        trace.note('backup', `sets ${taskName(task)} back to ${earlier.events} of ${task.events} events`)
        const schema = backup.takenMs < upgradeMs && timeline.now() >= upgradeMs ? 3 : earlier.schema
        items.set(id, { ...withStreamOf(task, earlier), schema })
      }
    })
  }
}

/** What happens to the tasks table from outside, in worlds in which it does. */
export function startTableMoods(world: World): void {
  const moods: Partial<Record<Fault, (world: World) => void>> = {
    'tables-restored': startRestores,
  }
  for (const [fault, start] of Object.entries(moods)) {
    if (world.plan.active.has(fault as Fault)) start(world)
  }
}
