import { type Defect, replacing } from './defect.ts'

type Later = () => Promise<unknown>

/** The page is written once the commit stands. */
export const commitFirst: Defect = {
  collect(ports) {
    const waiting: Later[] = []
    const { lake, tasks } = ports
    return {
      ...ports,
      lake: replacing(lake, {
        create: async (...page) => {
          waiting.push(() => lake.create(...page))
          return 'created'
        },
      }),
      tasks: replacing(tasks, {
        save: async (...change) => {
          const saved = await tasks.save(...change)
          for (const write of waiting.splice(0)) await write()
          return saved
        },
      }),
    }
  },
}

export const unfenced: Defect = {
  stores({ tasks }) {
    const { save } = tasks
    tasks.save = (key, _, change) => save(key, tasks.get(key)?.fence ?? 0, change)
  },
}

export const unleased: Defect = {
  stores({ tasks }) {
    const { acquire } = tasks
    tasks.acquire = (key, lease) =>
      acquire(key, { ...lease, owner: tasks.get(key)?.leaseOwner ?? lease.owner })
  },
}

/** An object's key is of the attempt, where it should be of the place alone. */
export const keyOfAttempt: Defect = {
  collect(ports, process) {
    const { tasks } = ports
    return {
      ...ports,
      tasks: replacing(tasks, {
        acquire: async (key, lease) => {
          const acquired = await tasks.acquire(key, lease)
          const partition = `${lease.partition}T${process.clock.now()}`
          return acquired && { ...acquired, task: { ...acquired.task, partition } }
        },
      }),
    }
  },
}

export const overwriting: Defect = {
  stores({ lake }) {
    const { create } = lake
    lake.create = async (key, body, record) => {
      const isNew = (await create(key, body, record)) === 'created'
      const lines = Buffer.from(body).toString('utf8').trimEnd().split('\n')
      if (!isNew) lake.objects.set(key, { record, lines })
      return 'created'
    }
  },
  // Whoever looks first finds the object and writes none: this one trusts the condition alone.
  collect: ports => ({
    ...ports,
    lake: replacing(ports.lake, { record: async () => undefined }),
  }),
}

/** What a reset cursor brings again is not known to be there. */
export const forgetful: Defect = {
  collect: ports => ({
    ...ports,
    lake: replacing(ports.lake, { read: async () => undefined }),
  }),
}

/** Every event is parsed and written anew. */
export const altering: Defect = {
  collect: ports => ({
    ...ports,
    lake: replacing(ports.lake, {
      create(key, body, record) {
        const lines = Buffer.from(body).toString('utf8').trimEnd().split('\n')
        const anew = lines.map(line => `${JSON.stringify(JSON.parse(line))}\n`).join('')
        return ports.lake.create(key, Buffer.from(anew), record)
      },
    }),
  }),
}
