import { resetChain } from '../../shared/domain/stream/reset.ts'
import { saveTask } from '../../shared/domain/task/life.ts'
import type { Lake } from '../../shared/ports.ts'
import { type CollectWorld, collectWorld, DUE, eventsFrom, toUuids } from './collect-world.ts'

/** A task that has collected 25 events in 5 objects, and whose cursor was replaced. */
export async function resetWorld() {
  const world = collectWorld({ events: eventsFrom(0, 25), pageSize: 5 })
  await world.run()
  const task = world.taskNow()
  await world.ports.tasks.apply(DUE, saveTask(task.fence, resetChain(task, world.clock.now())))
  world.eventsApi.events.push(...eventsFrom(25, 4, Date.parse('2026-02-28T00:25:00Z')))
  return world
}

export const openNow = ({ ports }: CollectWorld): string[] =>
  ports.healthEvents.open().map(place => place.slice(place.indexOf('#') + 1))

export const linesInLake = ({ ports }: CollectWorld): string[] =>
  toUuids([...ports.lake.objects.values()].flatMap(({ lines }) => lines))

/** The world with another way to read objects. `at` counts the objects of a run from the newest on. */
export function reading(world: CollectWorld, read: (at: number, key: string) => ReturnType<Lake['read']>) {
  let at = 0
  const lake = { ...world.ports.lake, read: (key: string) => read(at++, key) }
  return { ...world.ports, lake }
}

/** The object that the walk comes to after two others. */
export const thirdKey = ({ ports }: CollectWorld): string | undefined => [...ports.lake.objects.keys()].at(-3)

export const refusal = (name: string, status: number): Error =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } })

export async function runsWith(world: CollectWorld, read: Parameters<typeof reading>[1], count: number) {
  const outcomes: string[] = []
  for (let run = 0; run < count; run++) {
    outcomes.push((await world.run(reading(world, read))).outcome)
    world.clock.advance(300_000)
  }
  return outcomes
}
