import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createLenders } from '../../../functions/collect/lenders.ts'
import { createRequestBudget } from '../../../functions/collect/request-budget.ts'
import type { Api } from '../../../shared/contract/apis.ts'
import { rateShare } from '../../../shared/domain/stream/rate-budget.ts'
import { leaseTask, saveTask } from '../../../shared/domain/task/life.ts'
import { RELEASED_LEASE } from '../../../shared/domain/task/task-change.ts'
import type { Clock } from '../../../shared/ports.ts'
import { createTimeline } from '../../simulation/timeline.ts'
import { examples } from '../../support/examples.ts'
import { fakeTasks } from '../../support/fakes/tasks.ts'
import { sampleTask } from '../../support/sample-task.ts'

const APIS: readonly Api[] = ['sign-in', 'itemUsage', 'auditEvents']
const START_MS = Date.parse('2026-03-01T00:00:00Z')
const MINUTES = 12

/** One run of an API: it begins after a pause, and makes its requests one after the other. */
interface PlannedRun {
  readonly pauseMs: number
  readonly requests: number
  readonly requestMs: number
}

/** Returns when requests of a source go, whose APIs have these runs, each API on its own. */
async function requestTimes(plans: readonly (readonly PlannedRun[])[]): Promise<number[]> {
  const timeline = createTimeline(START_MS)
  const sleep = (ms: number): Promise<void> => new Promise(resolve => timeline.after(ms, resolve))
  const clock: Clock = { now: timeline.now, sleep, giveWay: async () => {} }
  const tasks = fakeTasks(APIS.map(api => sampleTask({ api })))
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const share = rateShare(APIS.length)
  const times: number[] = []

  async function run(api: Api, { requests, requestMs }: PlannedRun, owner: string): Promise<void> {
    const { sourceId } = sampleTask()
    const lease = { owner, nowMs: clock.now(), expiresMs: clock.now() + 3_600_000, partition: 'p' }
    const leased = await tasks.apply({ sourceId, api }, leaseTask(lease))
    if (!leased) throw new Error('the task is leased')
    const others = APIS.filter(other => other !== api)
    const lenders = createLenders({ clock, log, tasks }, { sourceId, apis: others, share })
    const budget = createRequestBudget(clock, { share, savedMs: leased.after.rateMs ?? 0, lenders })
    for (let i = 0; i < requests; i++) {
      await budget.spend()
      times.push(clock.now())
      await sleep(requestMs)
    }
    const change = { ...RELEASED_LEASE, rateMs: budget.arrivalMs }
    await tasks.apply({ sourceId, api }, saveTask(leased.after.fence, change))
  }

  for (const [at, plan] of plans.entries()) {
    const api = APIS[at] ?? 'sign-in'
    void (async () => {
      for (const [i, planned] of plan.entries()) {
        await sleep(planned.pauseMs)
        await run(api, planned, `${api} ${i}`)
      }
    })()
  }
  await timeline.run(START_MS + MINUTES * 60_000)
  return times.toSorted((a, b) => a - b)
}

/** The most requests in any minute. */
function fullestMinute(times: readonly number[]): number {
  let from = 0
  return times.reduce((most, time, i) => {
    while (time - (times[from] ?? time) >= 60_000) from++
    return Math.max(most, i - from + 1)
  }, 0)
}

const plannedRun: fc.Arbitrary<PlannedRun> = fc.record({
  pauseMs: fc.oneof(fc.constant(0), fc.nat(20_000), fc.nat(120_000)),
  requests: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 50, max: 900 })),
  requestMs: fc.integer({ min: 1, max: 700 }),
})

it('the APIs of a source together make at most 600 requests in any minute, however their runs overlap', async () => {
  const plan = fc.array(plannedRun, { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(fc.tuple(plan, plan, plan), async plans => {
      expect(fullestMinute(await requestTimes(plans))).toBeLessThanOrEqual(600)
    }),
    { numRuns: examples(60) },
  )
})

it('the APIs of a source come near to 600 requests in a minute when all of them are behind, or one alone', async () => {
  const behind: PlannedRun[] = [{ pauseMs: 0, requests: 3000, requestMs: 1 }]
  const idle: PlannedRun[] = []
  expect(fullestMinute(await requestTimes([behind, behind, behind]))).toBeGreaterThan(590)
  expect(fullestMinute(await requestTimes([behind, idle, idle]))).toBeGreaterThan(560)
})
