import { changed } from '../../../shared/domain/task/progress.ts'
import {
  isLeased,
  isOfOlderSchema,
  TASK_SCHEMA,
  type Task,
  type TaskKey,
} from '../../../shared/domain/task/task.ts'
import type { Claim, Lease, TaskStore } from '../../../shared/ports.ts'

export interface FakeTasks extends TaskStore {
  readonly items: Map<string, Task>
  get(key: TaskKey): Task | undefined
}

const idOf = ({ sourceId, api }: TaskKey): string => `${sourceId}/${api}`

const isClaimedBy = ({ episode }: Task, claim: Claim): boolean =>
  episode?.id === claim.episode && episode.execution === claim.execution

function free(task: Task, lease: Lease): boolean {
  if (task.halted || task.state === 'Stopping') return false
  if (lease.claim ? !isClaimedBy(task, lease.claim) : task.episode !== undefined) return false
  if (task.leaseOwner === undefined || task.leaseOwner === lease.owner) return true
  return (task.leaseExpiresMs ?? 0) <= lease.nowMs
}

/** The tasks table in memory. */
export function fakeTasks(tasks: readonly Task[] = []): FakeTasks {
  const items = new Map(tasks.map(task => [idOf(task), task]))
  return {
    items,
    get: key => items.get(idOf(key)),
    read: async key => items.get(idOf(key)),
    async acquire(key, lease) {
      const before = items.get(idOf(key))
      if (!before || !free(before, lease)) return undefined
      const held = {
        leaseOwner: lease.owner,
        leaseSinceMs: lease.nowMs,
        leaseExpiresMs: lease.expiresMs,
        partition: before.partition ?? lease.partition,
      }
      const task = { ...changed(before, held), fence: before.fence + 1 }
      items.set(idOf(key), task)
      return { task, recovering: before.partition !== undefined }
    },
    async save(key, fence, change) {
      const before = items.get(idOf(key))
      if (before?.fence !== fence || before.state === 'Stopping') return undefined
      const task = changed(before, change)
      items.set(idOf(key), task)
      return task
    },
    async takeOver(read, change) {
      const before = items.get(idOf(read))
      const isSame =
        before?.fence === read.fence &&
        before.state !== 'Stopping' &&
        before.renewed === read.renewed &&
        before.episode?.id === read.episode?.id &&
        before.episode?.execution === read.episode?.execution &&
        before.leaseOwner === read.leaseOwner &&
        before.health?.changes === read.health?.changes
      if (!before || !isSame) return undefined
      const task = { ...changed(before, change), fence: before.fence + 1 }
      items.set(idOf(read), task)
      return task
    },
    async claim(key, claim) {
      const before = items.get(idOf(key))
      const { id, execution = claim.execution } = before?.episode ?? {}
      if (!before?.episode || before.state === 'Stopping' || before.halted) return undefined
      if (id !== claim.episode || execution !== claim.execution) return undefined
      const task = { ...before, episode: { ...before.episode, execution } }
      items.set(idOf(key), task)
      return task
    },
    async unclaim(key, claim) {
      const before = items.get(idOf(key))
      if (!before?.episode || !isClaimedBy(before, claim)) return false
      const { execution: _, ...episode } = before.episode
      items.set(idOf(key), { ...before, episode })
      return true
    },
    async renew(key, version, now) {
      const before = items.get(idOf(key))
      if (!before || before.state === 'Stopping' || (before.version ?? 0) >= version) return
      const anew = {
        state: 'Pending',
        stateSince: now,
        reachedMs: { Pending: Date.parse(now) },
        renewed: version,
        halted: undefined,
        error: undefined,
        episode: undefined,
      } as const
      items.set(idOf(key), changed(before, anew))
    },
    async stop(key, now) {
      const before = items.get(idOf(key))
      if (before && before.state !== 'Stopping')
        items.set(idOf(key), { ...before, state: 'Stopping', stateSince: now })
    },
    async letGo(key, fence) {
      const before = items.get(idOf(key))
      if (before?.fence !== fence) return false
      items.set(
        idOf(key),
        changed(before, { leaseOwner: undefined, leaseSinceMs: undefined, leaseExpiresMs: undefined }),
      )
      return true
    },
    async markTold(key, number) {
      const before = items.get(idOf(key))
      if (!before?.health || before.health.changes !== number) return
      const { untold: _, ...health } = before.health
      items.set(idOf(key), { ...before, health })
    },
    async upgrade(key, nowMs) {
      const before = items.get(idOf(key))
      if (!before || !isOfOlderSchema(before)) return before
      if (isLeased(before, nowMs)) return undefined
      const task = { ...before, schema: TASK_SCHEMA } as const
      items.set(idOf(key), task)
      return task
    },
    async remove(key) {
      items.delete(idOf(key))
    },
    async create(task) {
      if (!items.has(idOf(task))) items.set(idOf(task), task)
    },
    ofSource: async sourceId => [...items.values()].filter(task => task.sourceId === sourceId),
    async *pages() {
      yield [...items.values()]
    },
  }
}
