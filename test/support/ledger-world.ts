import type { Task } from '../../shared/domain/task/task.ts'
import { type CollectWorld, DUE, eventsFrom, noteRefusal } from './collect-world.ts'
import { answered, badRequest } from './fakes/events-api.ts'

/** The uuids of the first events, in their order. */
export const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `E${i}`)

/** Events of 1 March. The first has this number. */
export const later = (first: number, count: number) =>
  eventsFrom(first, count, Date.parse('2026-03-01T06:00:00Z') + first * 60_000)

/** The next request for a page gets an empty one that moves the cursor, or a refusal. */
export function answerOnce(world: CollectWorld, what: 'an empty page' | 'a refusal'): void {
  if (what === 'a refusal') noteRefusal(world)
  let left = 1
  world.eventsApi.answering = ({ method, body = '' }) => {
    if (method !== 'POST' || left-- <= 0) return undefined
    if (what === 'a refusal') return badRequest
    const content = JSON.parse(Buffer.from(JSON.parse(body).cursor, 'base64url').toString())
    const moved = Buffer.from(JSON.stringify([...content.slice(0, 6), 1]).padEnd(156)).toString('base64url')
    return answered(JSON.stringify({ cursor: moved, has_more: true, items: [] }))
  }
}

/** Sets the task back to an earlier state, as from a backup. */
export function restore(world: CollectWorld, task: Task): void {
  world.ports.tasks.items.set(`${DUE.sourceId}/${DUE.api}`, task)
}
