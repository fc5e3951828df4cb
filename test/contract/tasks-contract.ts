import { beforeEach, describe, expect, it } from 'vitest'
import type { Lease } from '../../shared/domain/task/life.ts'
import { releaseLease, renewTask, saveTask, stopTask } from '../../shared/domain/task/life.ts'
import type { Task, TaskKey } from '../../shared/domain/task/task.ts'
import type { TaskStore } from '../../shared/ports.ts'
import { applied, isApplied, leased } from '../support/applying.ts'
import { sampleTask } from '../support/sample-task.ts'

const NOW_MS = Date.parse('2026-03-01T12:00:00Z')
const DAY_MS = 24 * 3_600_000

const toLease = (owner: string, nowMs = NOW_MS): Lease => ({
  owner,
  nowMs,
  expiresMs: nowMs + 270_000,
  partition: new Date(nowMs).toISOString().slice(0, 10),
})

const FULL: Partial<Task> = {
  state: 'Error',
  error: { type: 'FirstPartyGeneric', code: 500, info: 'é 😀 "x"', at: '2026-03-01T11:00:00.000Z' },
  introspected: 3,
  reachedMs: { Pending: NOW_MS - DAY_MS, Error: NOW_MS },
  tokenExpires: '2026-09-01T09:30:00.000Z',
  cursorSinceMs: NOW_MS,
  lateEvents: 3,
  chain: 2,
  cursor: 'c=\u00e9',
  pages: 7,
  events: 9_007_199_254_740_991,
  firstEventTime: '2026-02-28T00:00:00.123456789Z',
  lastEventTime: '2026-02-28T01:00:00+01:00',
  lastSuccessAt: '2026-03-01T11:00:00.000Z',
  lastObjectKey: 'events/k',
  link: 'l',
  overlap: { from: '2026-02-28T00:00:00Z', lastObjectKey: 'events/j' },
  rateMs: NOW_MS,
}

/** What every task store must do, in memory or in DynamoDB. */
export function tasksContract(kind: string, open: () => Promise<TaskStore>): void {
  describe(`tasks ${kind}`, () => {
    let store: TaskStore
    let ids = 100_000_000
    beforeEach(async () => {
      store = await open()
    })

    /** A task of a source of its own: tests share the store and nothing else. */
    async function created(change: Partial<Task> = {}): Promise<Task> {
      const task = sampleTask({ sourceId: ++ids, ...change })
      await store.create(task)
      return task
    }

    const now = async ({ sourceId, api }: TaskKey): Promise<Task | undefined> =>
      (await store.tasksOfSource(sourceId)).find(task => task.api === api)

    const taken = async (key: TaskKey, owner: string, nowMs?: number) => {
      const acquired = await leased(store, key, toLease(owner, nowMs))
      if (!acquired) throw new Error(`${owner} did not get the task`)
      expect(await now(key)).toEqual(acquired.task)
      return acquired
    }

    it('keeps every attribute of a task as it was created', async () => {
      const task = await created(FULL)
      expect(await store.tasksOfSource(task.sourceId)).toEqual([task])
    })

    it('leaves an existing task unchanged', async () => {
      const task = await created({ cursor: 'kept', events: 5 })
      await store.create({ ...task, cursor: 'other', events: 0 })
      expect(await now(task)).toEqual(task)
    })

    it('does not upgrade a task that it stored itself, or that is gone', async () => {
      const task = await created({ leaseOwner: 'run', leaseExpiresMs: NOW_MS + 1 })
      expect(await store.upgrade(task, NOW_MS)).toEqual(task)
      expect(await now(task)).toEqual(task)
      expect(await store.upgrade({ sourceId: 2, api: 'sign-in' }, NOW_MS)).toBeUndefined()
      expect(await store.tasksOfSource(2)).toEqual([])
    })

    it('returns all tasks of one source and of no other', async () => {
      const first = await created()
      await store.create({ ...first, api: 'auditEvents' })
      await created()
      const apis = (await store.tasksOfSource(first.sourceId)).map(({ api }) => api)
      expect(apis.toSorted()).toEqual(['auditEvents', 'sign-in'])
      expect(await store.tasksOfSource(1)).toEqual([])
    })

    it('leases a free task and raises its fence', async () => {
      const task = await created(FULL)
      const lease = toLease('run 1')
      const held = {
        ...task,
        fence: 1,
        leaseOwner: 'run 1',
        leaseSinceMs: NOW_MS,
        leaseExpiresMs: lease.expiresMs,
        partition: '2026-03-01',
      }
      expect(await leased(store, task, lease)).toEqual({ task: held, recovering: false })
      expect(await now(task)).toEqual(held)
    })

    it('leases a task whose `halted` is false', async () => {
      const task = await created({ halted: false })
      expect((await taken(task, 'run')).task.fence).toBe(1)
    })

    it('leases no task that does not exist, and creates none', async () => {
      expect(await leased(store, { sourceId: 2, api: 'sign-in' }, toLease('run'))).toBeUndefined()
      expect(await store.tasksOfSource(2)).toEqual([])
    })

    it.each([
      ['halted', { halted: true }],
      ['Stopping', { state: 'Stopping' as const }],
      ['leased by another', { leaseOwner: 'other', leaseExpiresMs: NOW_MS + 1 }],
      ['halted with a lease left behind', { halted: true, leaseOwner: 'other', leaseExpiresMs: 1 }],
    ])('leases no task that is %s, and does not change it', async (_name, change) => {
      const task = await created(change)
      expect(await leased(store, task, toLease('run'))).toBeUndefined()
      expect(await now(task)).toEqual(task)
    })

    it('leases a task from the very millisecond in which its lease expires', async () => {
      const task = await created({ leaseOwner: 'dead', leaseExpiresMs: NOW_MS, fence: 4 })
      expect(await leased(store, task, toLease('run', NOW_MS - 1))).toBeUndefined()
      expect((await taken(task, 'run')).task).toMatchObject({ leaseOwner: 'run', fence: 5 })
    })

    it('leases a task to its owner again, with a new fence, because the call may have been repeated', async () => {
      const task = await created()
      await taken(task, 'run')
      expect((await taken(task, 'run')).task.fence).toBe(2)
      expect(await leased(store, task, toLease('another'))).toBeUndefined()
    })

    it('leases a task to exactly one of many runs at once', async () => {
      const task = await created()
      const runs = Array.from({ length: 10 }, (_, i) => leased(store, task, toLease(`run ${i}`)))
      const winners = (await Promise.all(runs)).filter(acquired => acquired !== undefined)
      expect(winners).toHaveLength(1)
      expect((await now(task))?.leaseOwner).toBe(winners[0]?.task.leaseOwner)
    })

    it('keeps the date folder of a run that died, and says that an uncommitted object may exist', async () => {
      const task = await created()
      await taken(task, 'dies')
      for (const days of [1, 2]) {
        const { task: again, recovering } = await taken(task, `run ${days}`, NOW_MS + days * DAY_MS)
        expect(recovering).toBe(true)
        expect(again.partition).toBe('2026-03-01')
      }
    })

    it('sets the date folder of the day if the run before ended well', async () => {
      const task = await created()
      const { task: held } = await taken(task, 'ends')
      const released = { leaseOwner: undefined, leaseExpiresMs: undefined, partition: undefined }
      expect(await applied(store, task, saveTask(held.fence, released))).toBeDefined()
      const { task: again, recovering } = await taken(task, 'run', NOW_MS + DAY_MS)
      expect({ recovering, partition: again.partition }).toEqual({
        recovering: false,
        partition: '2026-03-02',
      })
    })

    it('saves under the fence: sets attributes with a value, removes undefined ones and keeps the rest', async () => {
      const task = await created(FULL)
      const { task: held } = await taken(task, 'run')
      const change = {
        state: 'Pending' as const,
        cursor: 'next',
        events: 12,
        error: undefined,
        overlap: undefined,
        leaseOwner: undefined,
      }
      const saved = await applied(store, task, saveTask(held.fence, change))
      const { error: _error, overlap: _overlap, leaseOwner: _owner, ...kept } = held
      expect(saved).toEqual({ ...kept, state: 'Pending', cursor: 'next', events: 12 })
      expect(await now(task)).toEqual(saved)
    })

    it.each([
      ['only removes', { error: undefined }],
      ['removes what is not there', { halted: undefined }],
      ['changes nothing', {}],
    ])('saves a change that %s', async (_name, change) => {
      const task = await created()
      const { task: held } = await taken(task, 'run')
      expect(await applied(store, task, saveTask(held.fence, change))).toEqual(held)
      expect(await now(task)).toEqual(held)
    })

    it.each([
      ['another run has taken the task since', { cursor: 'stale' }],
      ['another run has taken the task since, though nothing would change', {}],
    ])('writes nothing when %s', async (_name, change) => {
      const task = await created()
      const { task: stale } = await taken(task, 'slow')
      await taken(task, 'next', NOW_MS + 300_000)
      const before = await now(task)
      expect(await applied(store, task, saveTask(stale.fence, change))).toBeUndefined()
      expect(await now(task)).toEqual(before)
    })

    it('writes nothing to a task that is gone', async () => {
      expect(
        await applied(store, { sourceId: 3, api: 'sign-in' }, saveTask(0, { cursor: 'c' })),
      ).toBeUndefined()
      expect(await store.tasksOfSource(3)).toEqual([])
    })

    it('renews a task for a newer version: it removes halted and error, and keeps cursor, lease and fence', async () => {
      const task = await created({
        ...FULL,
        halted: true,
        version: 2,
        leaseOwner: 'run',
        leaseExpiresMs: NOW_MS,
        fence: 4,
      })
      await store.apply(task, renewTask(3, '2026-03-01T12:00:00.000Z'))
      const { error: _error, halted: _halted, ...kept } = task
      const since = '2026-03-01T12:00:00.000Z'
      const anew = {
        renewed: 3,
        state: 'Pending',
        stateSince: since,
        reachedMs: { Pending: Date.parse(since) },
      }
      expect(await now(task)).toEqual({ ...kept, ...anew })
    })

    it.each([
      ['has run for this version', { version: 3, halted: true }],
      ['has run for a later version', { version: 4, halted: true }],
      ['is Stopping', { state: 'Stopping' as const, halted: true }],
    ])('renews nothing when the task %s', async (_name, change) => {
      const task = await created(change)
      await store.apply(task, renewTask(3, '2026-03-01T12:00:00.000Z'))
      expect(await now(task)).toEqual(task)
    })

    it('stops a task: the run in flight can save nothing more, and gives its lease back', async () => {
      const task = await created()
      const { task: held } = await taken(task, 'run')
      await store.apply(task, stopTask('2026-03-01T12:00:00.000Z'))
      await store.apply(task, stopTask('2026-03-01T13:00:00.000Z'))
      expect(await applied(store, task, saveTask(held.fence, { cursor: 'late' }))).toBeUndefined()
      expect(await isApplied(store, task, releaseLease(held.fence))).toBe(true)
      expect(await now(task)).toEqual({
        ...task,
        fence: 1,
        partition: '2026-03-01',
        state: 'Stopping',
        stateSince: '2026-03-01T12:00:00.000Z',
      })
      expect(await leased(store, task, toLease('next', NOW_MS + DAY_MS))).toBeUndefined()
    })

    it('does not let a run give back the lease of another run', async () => {
      const task = await created()
      const { task: held } = await taken(task, 'run')
      expect(await isApplied(store, task, releaseLease(held.fence - 1))).toBe(false)
      expect(await now(task)).toEqual(held)
    })

    it('does not renew, stop or free a task that is gone, and does not create it again', async () => {
      const gone = await created()
      await store.remove(gone)
      await store.remove(gone)
      await store.apply(gone, renewTask(1, '2026-03-01T12:00:00.000Z'))
      await store.apply(gone, stopTask('2026-03-01T12:00:00.000Z'))
      expect(await isApplied(store, gone, releaseLease(0))).toBe(false)
      expect(await now(gone)).toBeUndefined()
    })
  })
}
