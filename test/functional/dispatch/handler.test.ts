import type { Context } from 'aws-lambda'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { FAILED_INVOCATION, SOURCE_STOPPING, TICK_SEGMENT } from '../../../shared/contract/events.ts'
import { type FunctionWorld, functionWorld } from '../../support/function-world.ts'
import { sampleTask } from '../../support/sample-task.ts'

let world: FunctionWorld
let handle: (type: string, detail: unknown, time?: string) => Promise<void>

beforeAll(async () => {
  // The handler reads its environment while it is loaded.
  vi.resetModules()
  world = await functionWorld()
  for (const [name, value] of Object.entries(world.environment)) vi.stubEnv(name, value)
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockReturnValue(true)
  const { handler } = await import('../../../functions/dispatch/handler.ts')
  const context = { awsRequestId: 'r', getRemainingTimeInMillis: () => 120_000 } as Context
  handle = (type, detail, time) =>
    handler({ 'detail-type': type, detail, time } as Parameters<typeof handler>[0], context)
})
afterAll(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  vi.resetModules()
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

it('makes one tick of a table of several pages for an event that comes twice, and for the event of one segment', {
  tags: ['long'],
}, async () => {
  const info = 'x'.repeat(120_000)
  const error = { type: 'FirstPartyGeneric', code: 500, info, at: '' } as const
  const large = Array.from({ length: 20 }, (_, i) => sampleTask({ sourceId: 500 + i, error }))
  for (const task of large) await world.tasks.create(task)
  const ids = [TASK, ...large].map(({ sourceId }) => sourceId)
  const dueIds = (): unknown[] => world.published().map(({ detail }) => detail['sourceId'])
  try {
    await handle('Scheduled Event', {}, '2026-03-01T12:00:00Z')
    expect(new Set(dueIds())).toEqual(new Set(ids))
    await handle('Scheduled Event', {}, '2026-03-01T12:00:00Z')
    expect(dueIds()).toEqual([])
    const tickMs = Date.parse('2026-03-01T12:05:00Z')
    for (let segment = 0; segment < 16; segment++) await handle(TICK_SEGMENT, { tickMs, segment })
    expect(dueIds().toSorted()).toEqual(ids.toSorted())
  } finally {
    for (const task of large) await world.tasks.remove(task)
  }
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
  [TICK_SEGMENT, {}, 'TickSegment: tickMs'],
  [TICK_SEGMENT, { tickMs: 1, segment: -1 }, 'segment must be below 16'],
  [TICK_SEGMENT, { tickMs: 1, segment: 16 }, 'segment must be below 16'],
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
