import { beforeEach, describe, expect, it } from 'vitest'
import { type Episode, opened } from '../../shared/domain/task/episode.ts'
import type { Claim, Lease } from '../../shared/domain/task/life.ts'
import {
  claimEpisode,
  releaseClaim,
  releaseLease,
  renewTask,
  saveTask,
  takeOverTask,
} from '../../shared/domain/task/life.ts'
import type { Task, TaskKey } from '../../shared/domain/task/task.ts'
import { changed, type TaskChange } from '../../shared/domain/task/task-change.ts'
import type { TaskStore } from '../../shared/ports.ts'
import { applied, isApplied, leased } from '../support/applying.ts'
import { aFault, healthAfter } from '../support/health.ts'
import { sampleTask } from '../support/sample-task.ts'

const NOW_MS = Date.parse('2026-03-01T12:00:00Z')
const NOW = '2026-03-01T12:00:00.000Z'
const EPISODE: Episode = opened('e1', { atMs: NOW_MS })
const OURS: Claim = { episode: 'e1', execution: 'x1' }
const CLAIMED: Episode = { ...EPISODE, execution: 'x1' }
const QUIT: Partial<Task> = { halted: true, episode: { ...CLAIMED, quitMs: NOW_MS } }

const toLease = (owner: string, claim?: Claim): Lease => ({
  owner,
  nowMs: NOW_MS,
  expiresMs: NOW_MS + 270_000,
  partition: '2026-03-01',
  ...(claim && { claim }),
})

/** What every task store must do for tasks that fail, in memory or in DynamoDB. */
export function episodesContract(kind: string, open: () => Promise<TaskStore>): void {
  let store: TaskStore
  let ids = 150_000_000
  beforeEach(async () => {
    store = await open()
  })

  /** A task of a source of its own: tests share the store and nothing else. */
  async function created(change: Partial<Task> = {}): Promise<Task> {
    const task = sampleTask({ sourceId: ++ids, ...change })
    await store.create(task)
    return task
  }

  const failing = (episode: Partial<Episode> = {}, change: Partial<Task> = {}): Promise<Task> =>
    created({ state: 'Error', error: aFault(), episode: { ...EPISODE, ...episode }, ...change })

  const gone: TaskKey = { sourceId: 7, api: 'sign-in' }

  describe(`episodes ${kind}: a task`, () => {
    it('is read by its key with every attribute, and is undefined when it is gone', async () => {
      const task = await failing({ execution: 'x1' }, { health: healthAfter(), cursor: 'c' })
      await store.create({ ...task, api: 'auditEvents', cursor: 'other' })
      expect(await store.read(task)).toEqual(task)
      await store.remove(task)
      expect(await store.read(task)).toBeUndefined()
    })

    it('in an episode is leased only for the execution that has claimed the episode', async () => {
      const task = await failing({ execution: 'x1' })
      const acquired = await leased(store, task, toLease('run', OURS))
      expect(acquired?.task).toMatchObject({ leaseOwner: 'run', fence: 1, episode: CLAIMED })
      expect(await store.read(task)).toEqual(acquired?.task)
    })

    it.each<[string, Partial<Task>, Claim | undefined]>([
      ['in an episode, for a tick', { episode: CLAIMED }, undefined],
      ['in an episode that nobody has claimed, for a tick', { episode: EPISODE }, undefined],
      ['in an episode that nobody has claimed', { episode: EPISODE }, OURS],
      ['that another execution has claimed', { episode: { ...EPISODE, execution: 'x2' } }, OURS],
      ['in another episode', { episode: { ...CLAIMED, id: 'e2' } }, OURS],
      ['in no episode, for an execution', {}, OURS],
      ['that was given up', QUIT, OURS],
      ['that was given up, for a tick', QUIT, undefined],
      ['that is Stopping', { episode: CLAIMED, state: 'Stopping' }, OURS],
      [
        'that another run has leased',
        { episode: CLAIMED, leaseOwner: 'a', leaseExpiresMs: NOW_MS + 1 },
        OURS,
      ],
    ])('is not leased %s', async (_name, change, claim) => {
      const task = await created(change)
      expect(await leased(store, task, toLease('run', claim))).toBeUndefined()
      expect(await store.read(task)).toEqual(task)
    })
  })

  describe(`episodes ${kind}: a claim`, () => {
    it('is kept with the episode, and safe to repeat', async () => {
      const task = await failing()
      const claimed = { ...task, episode: CLAIMED }
      for (let i = 0; i < 2; i++) expect(await applied(store, task, claimEpisode(OURS))).toEqual(claimed)
      expect(await store.read(task)).toEqual(claimed)
    })

    it.each<[string, Partial<Task>]>([
      ['another execution has it', { episode: { ...EPISODE, execution: 'x2' } }],
      ['it is another episode', { episode: { ...EPISODE, id: 'e2' } }],
      ['there is no episode', {}],
      ['it was given up', { halted: true, episode: { ...EPISODE, quitMs: NOW_MS } }],
      ['it was given up, and was its own', QUIT],
      ['the task is Stopping', { state: 'Stopping', episode: EPISODE }],
    ])('is refused when %s', async (_name, change) => {
      const task = await created(change)
      expect(await applied(store, task, claimEpisode(OURS))).toBeUndefined()
      expect(await store.read(task)).toEqual(task)
    })

    it('is given to exactly one of many at once', async () => {
      const task = await failing()
      const claims = Array.from({ length: 8 }, (_, i) => ({ episode: 'e1', execution: `x${i}` }))
      const answers = await Promise.all(claims.map(claim => applied(store, task, claimEpisode(claim))))
      const [winner, ...others] = answers.filter(answer => answer !== undefined)
      expect(others).toEqual([])
      expect(await store.read(task)).toEqual(winner)
    })

    it('that is released lets another execution claim the episode', async () => {
      const task = await failing({ execution: 'x1' })
      expect(await isApplied(store, task, releaseClaim(OURS))).toBe(true)
      expect(await store.read(task)).toEqual({ ...task, episode: EPISODE })
      expect(await isApplied(store, task, releaseClaim(OURS))).toBe(false)
      expect(
        (await applied(store, task, claimEpisode({ ...OURS, execution: 'x2' })))?.episode?.execution,
      ).toBe('x2')
    })

    it.each<[string, Partial<Task>]>([
      ['it is another’s by now', { episode: { ...EPISODE, execution: 'x2' } }],
      ['it is another episode by now', { episode: { ...CLAIMED, id: 'e2' } }],
      ['the episode is over', {}],
    ])('is not released when %s', async (_name, change) => {
      const task = await created(change)
      expect(await isApplied(store, task, releaseClaim(OURS))).toBe(false)
      expect(await store.read(task)).toEqual(task)
    })

    it('of a task that is gone is refused, and does not create the task again', async () => {
      expect(await applied(store, gone, claimEpisode(OURS))).toBeUndefined()
      expect(await isApplied(store, gone, releaseClaim(OURS))).toBe(false)
      expect(await store.read(gone)).toBeUndefined()
    })
  })

  describe(`episodes ${kind}: a takeover`, () => {
    const RELEASED = { leaseOwner: undefined, leaseSinceMs: undefined, leaseExpiresMs: undefined }

    it('is written without the lease, and the run that had leased the task can save nothing more', async () => {
      const task = await failing({ execution: 'x1' })
      const { task: held } = (await leased(store, task, toLease('straggler', OURS))) ?? {}
      if (!held) throw new Error('the task was not to be had')
      const after = await applied(store, held, takeOverTask(held, { ...RELEASED, events: 12 }))
      expect(after).toEqual({ ...task, fence: 2, events: 12, partition: '2026-03-01' })
      expect(await store.read(task)).toEqual(after)
      expect(await applied(store, task, saveTask(held.fence, { cursor: 'late' }))).toBeUndefined()
      expect(await isApplied(store, task, releaseLease(held.fence))).toBe(false)
      expect(await store.read(task)).toEqual(after)
      expect((await leased(store, task, toLease('next', OURS)))?.recovering).toBe(true)
    })

    it('opens the episode of a task that had none', async () => {
      const task = await created({ renewed: 3, state: 'Collecting' })
      const error = aFault({ type: 'FirstPartyGeneric' })
      const failed = {
        episode: EPISODE,
        state: 'Error',
        error,
        health: healthAfter({ fault: error }),
      } as const
      const after = await applied(store, task, takeOverTask(task, failed))
      expect(after).toEqual({ ...task, fence: 1, ...failed })
    })

    it('only raises the fence when nothing changes', async () => {
      const task = await failing()
      expect(await applied(store, task, takeOverTask(task, {}))).toEqual({ ...task, fence: 1 })
    })

    it('by many at once succeeds for exactly one', async () => {
      const task = await failing()
      const answers = await Promise.all(
        [1, 2, 3, 4].map(pages => applied(store, task, takeOverTask(task, { pages }))),
      )
      const [winner, ...others] = answers.filter(answer => answer !== undefined)
      expect(others).toEqual([])
      expect(await store.read(task)).toEqual(winner)
      expect(winner?.fence).toBe(1)
    })

    it('leaves out undefined members of a value', async () => {
      const task = await failing({ execution: 'x1' })
      const episode = { ...EPISODE, quitMs: undefined } as unknown as Episode
      await applied(store, task, takeOverTask(task, { episode }))
      expect(await store.read(task)).toEqual({ ...task, fence: 1, episode: EPISODE })
    })

    it.each<[string, Partial<Task>, TaskChange & { readonly fence?: number }]>([
      ['another run has taken the task', { episode: CLAIMED }, { fence: 1 }],
      ['the user updated or restarted the source', { episode: CLAIMED }, { renewed: 2 }],
      ['the user did so again', { episode: CLAIMED, renewed: 2 }, { renewed: 3 }],
      ['the user stopped the source', { episode: CLAIMED }, { state: 'Stopping' }],
      ['it recovered', { episode: CLAIMED }, { episode: undefined }],
      ['its run has ended', { episode: CLAIMED, leaseOwner: 'run' }, { leaseOwner: undefined }],
      ['its health has changed', { episode: CLAIMED, health: { changes: 1 } }, { health: { changes: 2 } }],
      ['its health has begun', { episode: CLAIMED }, { health: { changes: 1 } }],
      ['another episode has begun', { episode: CLAIMED }, { episode: { ...CLAIMED, id: 'e2' } }],
      ['an episode has begun', {}, { episode: EPISODE }],
      ['an execution has claimed it', { episode: EPISODE }, { episode: CLAIMED }],
      [
        'another execution has claimed it',
        { episode: CLAIMED },
        { episode: { ...EPISODE, execution: 'x2' } },
      ],
      ['its claim was taken away', { episode: CLAIMED }, { episode: EPISODE }],
    ])('writes nothing when since it was read %s', async (_name, before, since) => {
      const read = sampleTask({ sourceId: ++ids, ...before })
      const stored = changed(read, since)
      await store.create(stored)
      expect(await applied(store, read, takeOverTask(read, { cursor: 'taken' }))).toBeUndefined()
      const found = await store.read(read)
      expect(found).not.toHaveProperty('cursor')
      expect(found?.fence).toBe(stored.fence)
    })

    it('of a task that is gone does not create the task again', async () => {
      expect(
        await applied(
          store,
          sampleTask({ sourceId: gone.sourceId }),
          takeOverTask(sampleTask({ sourceId: gone.sourceId }), { cursor: 'c' }),
        ),
      ).toBeUndefined()
      expect(await store.read(gone)).toBeUndefined()
    })
  })

  describe(`episodes ${kind}: an update or restart`, () => {
    it.each([
      ['open', { episode: CLAIMED }],
      ['given up', QUIT],
    ])('ends an episode that is %s, and a tick may dispatch the task', async (_name, change) => {
      const task = await created({ ...change, state: 'Error', error: aFault(), version: 1 })
      await store.apply(task, renewTask(2, NOW))
      const after = await store.read(task)
      expect(after).toMatchObject({ state: 'Pending', renewed: 2 })
      for (const name of ['episode', 'halted', 'error']) expect(after).not.toHaveProperty(name)
      expect(await applied(store, task, claimEpisode(OURS))).toBeUndefined()
      expect(await leased(store, task, toLease('execution', OURS))).toBeUndefined()
      expect(await leased(store, task, toLease('tick'))).toBeDefined()
    })
  })
}
