import type { Context } from 'aws-lambda'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { opened } from '../../../shared/domain/task/episode.ts'
import { saveTask } from '../../../shared/domain/task/life.ts'
import { applied } from '../../support/applying.ts'
import { type FunctionWorld, functionWorld } from '../../support/function-world.ts'
import { aFault } from '../../support/health.ts'
import { sampleTask } from '../../support/sample-task.ts'

let world: FunctionWorld
let handle: (event: object) => Promise<unknown>
const output: string[] = []

beforeAll(async () => {
  // The handler reads its environment while it is loaded.
  vi.resetModules()
  world = await functionWorld()
  for (const [name, value] of Object.entries(world.environment)) vi.stubEnv(name, value)
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation(chunk => Boolean(output.push(String(chunk))))
  const { handler } = await import('../../../functions/collect/handler.ts')
  const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 240_000 } as Context
  handle = event => handler(event as Parameters<typeof handler>[0], context)
})
afterAll(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  vi.resetModules()
  await world.close()
})

const startedMs = Date.now() - 60_000
const TASK = sampleTask({
  state: 'Error',
  error: aFault({ type: 'ThirdPartyGeneric', code: 503, info: '503: down' }),
  episode: opened('e1', { atMs: startedMs }),
})
const ADDRESS = { collectorId: TASK.collectorId, sourceId: TASK.sourceId, api: TASK.api }
const REQUEST = { ...ADDRESS, episode: 'e1', execution: 'x1' }

beforeEach(async () => {
  await world.tasks.remove(TASK)
  await world.tasks.create(TASK)
  output.length = 0
  world.published()
})

it('recognizes a request of the state machine, and returns and logs what the machine does next', async () => {
  const nextRetry = new Date(startedMs + 60_000).toISOString()
  expect(await handle({ ...REQUEST, step: 'claim' })).toMatchObject({ outcome: 'retry', nextRetry })
  expect((await world.tasks.read(TASK))?.episode?.execution).toBe('x1')
  expect(output.join('')).toMatch(/"retry step".*"execution":"x1"/)
  expect(await handle({ ...REQUEST, execution: 'x2', step: 'claim' })).toEqual({ outcome: 'taken' })
})

it('records the dead run that the state machine reports, with the real adapters', async () => {
  await handle({ ...REQUEST, step: 'claim' })
  const death = { Error: 'States.Timeout', Cause: '' }
  expect(await handle({ ...REQUEST, step: 'died', attempts: 1, death })).toMatchObject({
    outcome: 'retry',
    attempts: 2,
  })
  expect(await world.tasks.read(TASK)).toMatchObject({ error: { type: 'FirstPartyGeneric' }, fence: 1 })
  expect(output.join('')).toMatch(/"retry step".*"death":"States.Timeout"/)
})

it('makes a run for a request of the state machine, unless a run has the lease, even one with the same invocation id', async () => {
  await handle({ ...REQUEST, step: 'claim' })
  for (const [leaseOwner, untilMs, outcome] of [
    ['request-0/a', 60_000, 'busy'],
    ['request-1/b', 60_000, 'busy'],
    ['request-1/b', -1, 'gone'],
  ] as const) {
    await applied(world.tasks, TASK, saveTask(0, { leaseOwner, leaseExpiresMs: Date.now() + untilMs }))
    expect(await handle({ ...REQUEST, step: 'collect', attempts: 1 })).toMatchObject({
      outcome: 'retry',
      attempts: 1,
    })
    expect(output.findLast(line => line.includes('"run ended"'))).toContain(`"outcome":"${outcome}"`)
    expect(output.findLast(line => line.includes('"retry step"'))).toContain('"retries":1')
  }
  expect(world.published()).toMatchObject([{ type: 'SourceStopping' }])
})

it('makes a run without a claim for a CollectionDue event, which leaves a task in an episode alone', async () => {
  const event = { 'detail-type': 'CollectionDue', detail: { ...ADDRESS, reason: 'tick' } }
  expect(await handle(event)).toMatchObject({ outcome: 'busy' })
  expect(await world.tasks.read(TASK)).toEqual(TASK)
})

it('makes a look for a CollectionDue event that asks for one, and leaves a task alone that does not wait for its user', async () => {
  const event = { 'detail-type': 'CollectionDue', detail: { ...ADDRESS, reason: 'look' } }
  expect(await handle(event)).toEqual({ ...ADDRESS, outcome: 'unchanged' })
  expect(await world.tasks.read(TASK)).toEqual(TASK)
  expect(output.join('')).toMatch(/"look ended".*"outcome":"unchanged"/)
})

it.each([
  [{ ...REQUEST, step: 'quit' }, 'RetryRequest: step'],
  [{ detail: {} }, 'CollectionDue: collectorId'],
])('throws for an event that it cannot read, so that Lambda counts an error: %j', async (event, message) => {
  await expect(handle(event)).rejects.toThrow(message)
})
