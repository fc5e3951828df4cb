import { EVENTS_PREFIX, UNREADABLE_PREFIX } from '../../shared/contract/lake-layout.ts'
import type { Bucket } from './bucket.ts'
import { randomTimes } from './fault-plan.ts'
import type { Fault } from './faults.ts'
import type { World } from './world.ts'

const HOUR_MS = 3_600_000
const MOST_HOURS = 8
const PER_DAY = 12

/** What a run may need: the newest objects, those of a walk along the ledger, and what is kept beside them. */
function listTargets({ stored }: Bucket): readonly (readonly string[])[] {
  const keys = [...stored.keys()].filter(key => !key.startsWith(UNREADABLE_PREFIX))
  const events = keys.filter(key => key.startsWith(EVENTS_PREFIX))
  const others = keys.filter(key => !key.startsWith(EVENTS_PREFIX))
  return [events.slice(-3), events.slice(-20), others.slice(-3)].filter(({ length }) => length > 0)
}

/** Strikes an object at random times. */
function strikeObjects(
  { plan, timeline, scenario, stores, trace }: World,
  fault: Fault,
  strike: (key: string) => void,
): void {
  if (!plan.active.has(fault)) return
  const random = plan.random(fault)
  for (const ms of randomTimes(random, scenario.fromMs, scenario.quietMs, PER_DAY)) {
    timeline.at(ms, () => {
      const targets = listTargets(stores.lake)
      if (targets.length === 0) return
      const key = random.pick(random.pick(targets))
      plan.count(fault)
      trace.note(fault, key)
      strike(key)
    })
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
