import { isDeepStrictEqual } from 'node:util'
import { during } from '../../shared/domain/failure/failure.ts'
import { mayHaveUncommittedObject, saveTask } from '../../shared/domain/task/life.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import { changed, type TaskChange } from '../../shared/domain/task/task-change.ts'
import type { Applied, TaskStore } from '../../shared/ports.ts'

/** Another run or the user took the task from this run: the run may write nothing more. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
}

export const isSuperseded = (error: unknown): error is Superseded =>
  error instanceof Error && error.name === 'Superseded'

/** The lease of a run: the task, and all that the run writes to it. */
export interface RunLease {
  /** The task as it was last written. */
  readonly task: Task
  /** An uncommitted object may exist at the end of the ledger. */
  readonly mayHaveUncommittedObject: boolean
  /** A write failed and may have taken effect: the stored task may be newer than `task`. */
  readonly isUnsure: boolean
  /** To be called before an object is written to the lake. */
  expectObject(): void
  /** Saves a change. Throws Superseded if the lease is no longer this run's. */
  save(change: TaskChange): Promise<void>
  /** Saves the commit of an object: no uncommitted object exists at the new end of the ledger. */
  saveObject(change: TaskChange): Promise<void>
}

interface LeaseParts {
  readonly tasks: Pick<TaskStore, 'read' | 'apply'>
  /** What goes into every save beside the change itself. */
  readonly addToSave: (task: Task) => TaskChange
}

/** Keeps the lease that a run has taken. */
export function createLease({ tasks, addToSave }: LeaseParts, leased: Applied): RunLease {
  let task = leased.after
  let isUnsure = false
  let mayHaveObject = mayHaveUncommittedObject(leased.before)

  /**
   * After a failed save, which may have taken effect. Returns the stored task if it is as wanted, and undefined if the
   * lease is no longer this run's. Throws the failure if the save took no effect or if that cannot be known.
   */
  async function readBack(change: TaskChange, failure: unknown): Promise<Task | undefined> {
    isUnsure = true
    const stored = await tasks.read({ sourceId: task.sourceId, api: task.api }).catch(() => {
      throw failure
    })
    isUnsure = false
    if (stored?.fence !== task.fence) return undefined
    const wanted = changed(task, change)
    task = stored
    if (isDeepStrictEqual(stored, wanted)) return stored
    throw failure
  }

  async function save(change: TaskChange): Promise<void> {
    const { sourceId, api, fence } = task
    const all = { ...change, ...addToSave(task) }
    const saving = tasks.apply({ sourceId, api }, saveTask(fence, all)).then(applied => applied?.after)
    const saved = await during(
      'saving the task',
      saving.catch(failure => readBack(all, failure)),
    )
    if (!saved) throw new Superseded(`the lease with fence ${fence} was taken over`)
    task = saved
  }

  return {
    get task() {
      return task
    },
    get isUnsure() {
      return isUnsure
    },
    get mayHaveUncommittedObject() {
      return mayHaveObject
    },
    expectObject() {
      mayHaveObject = true
    },
    save,
    async saveObject(change) {
      await save(change)
      mayHaveObject = false
    },
  }
}
