import type { Task } from '../../shared/domain/task/task.ts'
import { type Defect, replacing } from './defect.ts'
import { rescanned } from './episode-defects.ts'
import { taskName } from './stores.ts'

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode

/** A put that is refused because of another one is taken for done. */
export const hastyPut: Defect = {
  collect: ports => ({
    ...ports,
    lake: replacing(ports.lake, {
      create: (...page) =>
        ports.lake.create(...page).catch(error => {
          if (statusOf(error) === 409) return 'created'
          throw error
        }),
    }),
  }),
}

/** An object that is gone is waited for. */
export const waitingForDeleted: Defect = {
  collect: ports => ({
    ...ports,
    lake: replacing(ports.lake, {
      async read(key) {
        const object = await ports.lake.read(key)
        if (object) return object
        throw new Error(`${key} is not there yet`)
      },
    }),
  }),
}

const later = (): never => {
  throw new Error('the object cannot be read yet')
}

/** An object that nobody can read is waited for, however long it takes. */
export const waitingForReach: Defect = {
  collect: ports => ({
    ...ports,
    lake: replacing(ports.lake, {
      read: key => ports.lake.read(key).catch(later),
      record: key => ports.lake.record(key).catch(later),
    }),
  }),
}

/** An update of the token says nothing if the secret is gone. */
export const silentUpdate: Defect = {
  admin: ports => ({
    ...ports,
    tokenWriter: replacing(ports.tokenWriter, {
      proposeToken: async (sourceId, token) =>
        (await ports.tokenWriter.proposeToken(sourceId, token)) ?? 'a version of nothing',
    }),
  }),
}

/** Keys that a batch read has left unread are taken for missing. */
export const unreadIsMissing: Defect = {
  batchGet: ({ Responses }) => ({ Responses }),
}

/** A tick notes that it has dispatched a task, and writes all of the task as its scan has seen it. */
export const writtenBack: Defect = {
  dispatch(ports, { tasks }) {
    const seen = new Map<string, Task>()
    return {
      ...ports,
      tasks: replacing(ports.tasks, {
        scan: rescanned(ports.tasks, page => {
          for (const task of page) seen.set(taskName(task), task)
          return page
        }),
      }),
      bus: replacing(ports.bus, {
        async publishDue(due) {
          for (const name of due.map(taskName)) {
            const task = seen.get(name)
            if (task && tasks.items.has(name)) tasks.items.set(name, task)
          }
          await ports.bus.publishDue(due)
        },
      }),
    }
  },
}
