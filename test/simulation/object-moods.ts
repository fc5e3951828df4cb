import { EVENTS_PREFIX, UNREADABLE_PREFIX } from '../../shared/contract/lake-layout.ts'
import { objectKey } from '../../shared/domain/stream/object-key.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { Bucket } from './bucket.ts'
import { randomTimes } from './fault-plan.ts'
import type { Fault } from './faults.ts'
import type { Stores } from './stores.ts'
import type { World } from './world.ts'

const HOUR_MS = 3_600_000
const MOST_HOURS = 8
const PER_DAY = 12
const WATCHES_PER_DAY = 4

/** What a run may need: the newest objects, those of a walk along the ledger, and what is kept beside them. */
function listTargets({ stored }: Bucket): readonly (readonly string[])[] {
  const keys = [...stored.keys()].filter(key => !key.startsWith(UNREADABLE_PREFIX))
  const events = keys.filter(key => key.startsWith(EVENTS_PREFIX))
  const others = keys.filter(key => !key.startsWith(EVENTS_PREFIX))
  return [events.slice(-3), events.slice(-20), others.slice(-3)].filter(({ length }) => length > 0)
}

/** Returns a function that computes the key of a task's next object once for each stored task. */
function createNextKeys(): (task: Task) => string | undefined {
  const known = new WeakMap<Task, string>()
  return task => {
    if (task.partition === undefined) return undefined
    const key = known.get(task) ?? objectKey(task, task.partition)
    known.set(task, key)
    return key
  }
}

/** Returns a function that lists the objects that a run has put and nobody has committed yet. The next run needs them. */
function createUncommitted({ tasks, lake }: Stores): () => readonly string[] {
  const nextKey = createNextKeys()
  return () =>
    [...tasks.items.values()].flatMap(task => {
      const key = nextKey(task)
      return key !== undefined && lake.stored.has(key) ? [key] : []
    })
}

const WATCH_MS = 5_000
const LONGEST_WATCH_MS = 6 * HOUR_MS

/** Calls `strike` with the first object that lies uncommitted for some seconds. */
function watchForUncommitted(
  { timeline, stores }: World,
  untilMs: number,
  strike: (key: string) => void,
): void {
  const listUncommitted = createUncommitted(stores)
  let before: readonly string[] = []
  function watch(): void {
    const now = listUncommitted()
    const key = now.find(each => before.includes(each))
    before = now
    if (key !== undefined) strike(key)
    else if (timeline.now() < untilMs) timeline.after(WATCH_MS, watch)
  }
  watch()
}

/** Strikes an object at random times. */
function strikeObjects(world: World, fault: Fault, strike: (key: string) => void): void {
  const { plan, timeline, scenario, stores, trace } = world
  if (!plan.active.has(fault)) return
  const random = plan.random(fault)
  const strikeOne = (key: string): void => {
    plan.count(fault)
    trace.note(fault, key)
    strike(key)
  }
  for (const ms of randomTimes(random, scenario.fromMs, scenario.quietMs, PER_DAY)) {
    timeline.at(ms, () => {
      const targets = listTargets(stores.lake)
      if (targets.length > 0) strikeOne(random.pick(random.pick(targets)))
    })
  }
  for (const ms of randomTimes(random, scenario.fromMs, scenario.quietMs, WATCHES_PER_DAY)) {
    const untilMs = Math.min(ms + LONGEST_WATCH_MS, scenario.quietMs)
    timeline.at(ms, () => watchForUncommitted(world, untilMs, strikeOne))
  }
}

/** What happens to objects in the lake from outside, in worlds in which it does. */
export function startObjectMoods(world: World): void {
  const { plan, timeline, scenario, stores } = world
  const { lake } = stores
  strikeObjects(world, 'objects-deleted', key => lake.remove(key))
  strikeObjects(world, 'objects-out-of-reach', key => {
    const random = plan.random('objects-out-of-reach')
    lake.outOfReach.set(key, random.pick(['denied', 'archived']))
    if (random.chance(0.5)) return
    const untilMs = timeline.now() + random.fraction() * MOST_HOURS * HOUR_MS
    timeline.at(Math.min(untilMs, scenario.quietMs), () => lake.outOfReach.delete(key))
  })
}
