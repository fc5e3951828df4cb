import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tasksTable } from '../../shared/adapters/tasks-table.ts'
import { TASKS_KEY } from '../../shared/contract/table-keys.ts'
import { rateShare } from '../../shared/domain/stream/rate-budget.ts'
import { holds } from '../../shared/domain/task/condition.ts'
import type { Episode } from '../../shared/domain/task/episode.ts'
import {
  claimEpisode,
  leaseTask,
  markHealthPublished,
  releaseClaim,
  releaseLease,
  renewTask,
  requestStep,
  saveTask,
  stopTask,
  type Transition,
  takeOverTask,
} from '../../shared/domain/task/life.ts'
import { lendRequests } from '../../shared/domain/task/loan.ts'
import { markLooked, reviveTask } from '../../shared/domain/task/quiet-look.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import { type TaskChange, updated } from '../../shared/domain/task/task-change.ts'
import type { TaskHealth } from '../../shared/domain/task/task-health.ts'
import { healthAfter } from '../support/health.ts'
import { sampleTask } from '../support/sample-task.ts'
import { startTable, type TableDatabase } from '../support/table-database.ts'

let database: TableDatabase
beforeAll(async () => {
  database = await startTable('tasks', { ...TASKS_KEY, partitionType: 'N' })
})
afterAll(() => database.close())

/** Few values, so that what a transition asks for is often what the task has. */
const NUMBER = fc.constantFrom(0, 1, 2)
const ID = fc.constantFrom('a', 'b')
const DATE = fc.constantFrom('2026-03-01', '2026-03-02')
const NOW = '2026-03-01T12:00:00.000Z'

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 2 })

const withoutAbsent = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T

const EPISODE = fc
  .record({
    id: ID,
    execution: maybe(ID),
    quitMs: maybe(NUMBER),
    startedMs: NUMBER,
    deadlineMs: NUMBER,
    attempts: NUMBER,
    nextRetryMs: NUMBER,
  })
  .map(withoutAbsent) as fc.Arbitrary<Episode>

const HEALTH = fc
  .record({ changes: NUMBER, isPublished: fc.boolean() })
  .map(({ changes, isPublished }): TaskHealth => {
    const { untold = [] } = healthAfter()
    return { changes, ...(!isPublished && { untold }) }
  })

const CHANGE = fc.record({
  state: maybe(fc.constantFrom('Pending', 'Collecting', 'Error', 'Error', 'Stopping')),
  halted: maybe(fc.boolean()),
  episode: maybe(EPISODE),
  health: maybe(HEALTH),
  version: maybe(NUMBER),
  lookedMs: maybe(NUMBER),
  renewed: maybe(NUMBER),
  partition: maybe(DATE),
  leaseOwner: maybe(ID),
  leaseSinceMs: maybe(NUMBER),
  leaseExpiresMs: maybe(NUMBER),
  cursor: maybe(ID),
  link: maybe(fc.constantFrom('l', 'ab'.repeat(32))),
  lastSuccessAt: maybe(fc.constantFrom(NOW, 'now')),
}) as fc.Arbitrary<TaskChange>

const attributes = CHANGE.map(withoutAbsent) as fc.Arbitrary<Partial<Task>>

/** A change of a run leaves the state of a task or sets another. */
const SAVED = fc.record({ change: CHANGE, keepsState: fc.boolean() }).map(({ change, keepsState }) => {
  const { state, ...rest } = change
  return keepsState || state === undefined ? rest : change
})

const CLAIM = fc.record({ episode: ID, execution: ID })

const LEASE = fc.record({
  owner: ID,
  nowMs: NUMBER,
  expiresMs: NUMBER,
  partition: DATE,
  claim: maybe(CLAIM),
})

/** Every transition there is. A new name is missed here by the compiler. */
const TRANSITIONS: Readonly<Record<Transition['name'], fc.Arbitrary<(task: Task) => Transition>>> = {
  lease: LEASE.map(lease => () => leaseTask(lease)),
  save: fc.tuple(NUMBER, SAVED).map(
    ([fence, change]) =>
      () =>
        saveTask(fence, change),
  ),
  releaseLease: NUMBER.map(fence => () => releaseLease(fence)),
  takeOver: fc.tuple(fc.oneof(fc.constant({}), attributes), SAVED).map(
    ([otherwise, change]) =>
      task =>
        takeOverTask({ ...task, ...otherwise }, change),
  ),
  claim: CLAIM.map(claim => () => claimEpisode(claim)),
  releaseClaim: CLAIM.map(claim => () => releaseClaim(claim)),
  renew: NUMBER.map(version => () => renewTask(version, NOW)),
  markLooked: NUMBER.map(nowMs => task => markLooked(task, nowMs)),
  revive: maybe(HEALTH).map(health => task => reviveTask(task, NOW, health)),
  stop: fc.constant(() => stopTask(NOW)),
  requestStep: ID.map(by => () => requestStep({ to: NOW, by, at: NOW })),
  lend: NUMBER.map(
    nowMs =>
      ({ leaseOwner: _, ...free }) =>
        lendRequests(free, rateShare(3), nowMs) as Transition,
  ),
  markHealthPublished: NUMBER.map(number => () => markHealthPublished(number)),
}

describe.each(Object.entries(TRANSITIONS))('the transition %s', (_name, transitions) => {
  let ids = 600_000_000

  it('does the same in DynamoDB and in memory, for any task', async () => {
    const store = tasksTable(database.client, database.table)
    let written = 0
    await fc.assert(
      fc.asyncProperty(attributes, NUMBER, transitions, async (given, fence, make) => {
        const before = sampleTask({ ...given, fence, sourceId: ++ids })
        const transition = make(before)
        await store.create(before)
        const expected = holds(transition.guard, before) ? updated(before, transition.update) : undefined
        const applied = await store.apply(before, transition)
        expect(applied).toEqual(expected && { before, after: expected })
        expect(await store.read(before)).toEqual(expected ?? before)
        if (expected) written++
        await store.remove(before)
      }),
      { numRuns: 150 },
    )
    expect(written).toBeGreaterThan(0)
  })

  it('does not create a task again that is gone', async () => {
    const store = tasksTable(database.client, database.table)
    await fc.assert(
      fc.asyncProperty(transitions, async make => {
        const gone = sampleTask({ sourceId: ++ids })
        const transition = make(gone)
        expect(holds(transition.guard, {})).toBe(false)
        expect(await store.apply(gone, transition)).toBeUndefined()
        expect(await store.read(gone)).toBeUndefined()
      }),
      { numRuns: 10 },
    )
  })
})
