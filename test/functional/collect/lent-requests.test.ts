import { expect, it } from 'vitest'
import { rateShare } from '../../../shared/domain/stream/rate-budget.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import { type CollectWorld, collectWorld } from '../../support/collect-world.ts'
import { answered } from '../../support/fakes/events-api.ts'
import { sampleTask } from '../../support/sample-task.ts'

const OTHERS = ['itemUsage', 'auditEvents'] as const

/** An API that is many pages behind, and two other APIs of its source. Each request takes 100 ms. */
function farBehind(pages: number, other: Partial<Task> = {}): CollectWorld & { readonly times: number[] } {
  const world = collectWorld({ task: { introspected: 1, version: 1 } })
  const { sourceId, collectorId } = world.taskNow()
  for (const api of OTHERS) {
    const task = sampleTask({ sourceId, collectorId, api, state: 'Collecting', ...other })
    world.ports.tasks.items.set(`${sourceId}/${api}`, task)
  }
  const times: number[] = []
  world.eventsApi.answering = ({ method }) => {
    if (method === 'GET') return undefined
    times.push(world.clock.now())
    world.clock.advance(100)
    const at = times.length
    return answered(JSON.stringify({ cursor: `c${at}`, has_more: at < pages, items: [{ uuid: `E${at}` }] }))
  }
  return Object.assign(world, { times })
}

const minutesOf = ({ times }: { readonly times: readonly number[] }): number =>
  ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 60_000

async function drain(world: CollectWorld): Promise<void> {
  for (let runs = 0; runs < 20; runs++) if ((await world.run()).outcome !== 'continued') return
}

it('an API that is behind borrows what the other APIs of its source do not use: 1,000 pages in two and a half minutes', {
  tags: ['long'],
}, async () => {
  const world = farBehind(1000)
  await drain(world)
  expect(world.times).toHaveLength(1000)
  expect(minutesOf(world)).toBeLessThan(2.5)
})

it('borrows nothing from an API that has a run of its own', async () => {
  const world = farBehind(300, { leaseOwner: 'run', leaseExpiresMs: Number.MAX_SAFE_INTEGER })
  await drain(world)
  expect(minutesOf(world)).toBeGreaterThan(1.9)
})

it('reads no other task as long as a quarter of its own burst is enough', async () => {
  const world = farBehind(rateShare(3).burstMs / rateShare(3).intervalMs / 4)
  const { tasks } = world.ports
  const read: string[] = []
  const readNoted: typeof tasks.read = key => {
    read.push(key.api)
    return tasks.read(key)
  }
  await world.run({ ...world.ports, tasks: { ...tasks, read: readNoted } })
  expect(read).toEqual([])
})

it('waits for its own share if the others cannot be read, and says so', async () => {
  const world = farBehind(110)
  const { tasks } = world.ports
  await world.run({ ...world.ports, tasks: { ...tasks, read: () => Promise.reject(new Error('throttled')) } })
  expect(world.times).toHaveLength(110)
})
