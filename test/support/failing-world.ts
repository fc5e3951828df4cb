import { renewTask } from '../../shared/domain/task/life.ts'
import type { EventsApiAnswer } from '../../shared/ports.ts'
import { type CollectWorld, collectWorld, DUE, eventsFrom } from './collect-world.ts'
import { failed } from './fakes/events-api.ts'

/** From now on 1Password gives this answer to every call. */
export function down({ eventsApi }: CollectWorld, answer: EventsApiAnswer = failed(503)): void {
  eventsApi.answering = () => answer
}

export function well({ eventsApi }: CollectWorld): void {
  eventsApi.answering = () => undefined
}

export const collecting = { state: 'Collecting', introspected: 1, version: 1 } as const

/**
 * Creates a world whose task has collected before. Its last run has just failed, and 25 events wait for it. The time is
 * noon plus `laterMs`.
 */
export async function failingWorld(answer?: EventsApiAnswer, laterMs = 0): Promise<CollectWorld> {
  const world = collectWorld({ events: eventsFrom(0, 25), task: collecting })
  world.clock.advance(laterMs)
  down(world, answer)
  await world.run()
  return world
}

/** Changes the source and renews the task, as an update or a restart does. */
export async function renew({ update, registered, ports, clock }: CollectWorld): Promise<void> {
  update()
  const version = registered.current?.source.version ?? 0
  await ports.tasks.apply(DUE, renewTask(version, new Date(clock.now()).toISOString()))
}
