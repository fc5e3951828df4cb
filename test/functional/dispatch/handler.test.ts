import type { Context } from 'aws-lambda'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { FAILED_INVOCATION, SOURCE_STOPPING } from '../../../shared/contract/events.ts'
import { type FunctionWorld, functionWorld } from '../../support/function-world.ts'
import { sampleTask } from '../../support/sample-task.ts'

let world: FunctionWorld
let handle: (type: string, detail: unknown) => Promise<void>

beforeAll(async () => {
  world = await functionWorld()
  for (const [name, value] of Object.entries(world.environment)) vi.stubEnv(name, value)
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockReturnValue(true)
  const { handler } = await import('../../../functions/dispatch/handler.ts')
  const context = { awsRequestId: 'r', getRemainingTimeInMillis: () => 120_000 } as Context
  handle = (type, detail) =>
    handler({ 'detail-type': type, detail } as Parameters<typeof handler>[0], context)
})
afterAll(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await world.close()
})

const TASK = sampleTask()
const DUE = { collectorId: TASK.collectorId, sourceId: TASK.sourceId, api: TASK.api, reason: 'tick' }

beforeEach(async () => {
  await world.tasks.remove(TASK)
  await world.tasks.create(TASK)
  world.published()
})

it('makes a tick for the event of the schedule', async () => {
  await handle('Scheduled Event', {})
  expect(world.published()).toEqual([{ type: 'CollectionDue', detail: DUE }])
})

it('opens an episode for the failed invocation that Lambda reports', async () => {
  await handle(FAILED_INVOCATION, {
    requestContext: { requestId: 'run', condition: 'RetriesExhausted' },
    requestPayload: { time: new Date().toISOString(), detail: DUE },
    responsePayload: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 240.00 seconds' },
  })
  const { episode, error } = (await world.tasks.read(TASK)) ?? {}
  const { reason: _, ...address } = DUE
  expect(world.published()).toMatchObject([
    { type: 'EpisodeOpened', detail: { ...address, episode: episode?.id } },
    { type: 'Health-Change', detail: { eventName: 'FirstPartyGenericError' } },
  ])
  expect(error?.info).toContain('Sandbox.Timedout')
})

it('completes the deletion that a SourceStopping event names', async () => {
  const orphan = sampleTask({ sourceId: 300, createdAt: '2026-01-01T00:00:00.000Z' })
  await world.tasks.create(orphan)
  await handle(SOURCE_STOPPING, { collectorId: orphan.collectorId, sourceId: orphan.sourceId })
  expect(await world.tasks.read(orphan)).toBeUndefined()
  expect(await world.tasks.read(TASK)).toEqual(TASK)
  expect(world.published()).toEqual([])
})

it.each([
  [SOURCE_STOPPING, {}, 'SourceStopping: collectorId'],
  [FAILED_INVOCATION, {}, 'CollectionDue: collectorId'],
])(
  'throws for an event %s that it cannot read, so that Lambda counts an error',
  async (type, detail, message) => {
    await expect(handle(type, detail)).rejects.toThrow(message)
  },
)

it.each([undefined, '', 'CollectionDue', 'toString', 'x'.repeat(5000)])(
  'throws for an event that no rule sends here, and makes no tick: detail-type %s',
  async type => {
    const refusal = handle(type as string, DUE)
    await expect(refusal).rejects.toThrow(
      /^dispatch takes the events Scheduled Event, TickSegment, SourceStopping, Lambda .* - Failure; this one has the detail-type/,
    )
    await expect(refusal).rejects.toThrow(type === undefined ? 'undefined' : type.slice(0, 50))
    expect(world.published()).toEqual([])
  },
)
