import { placeOfSchema2 } from '../../shared/domain/stream/object-key.ts'
import { toEpochMs, wholeSeconds } from '../../shared/domain/stream/timestamp.ts'
import { cursorMark } from '../../shared/domain/stream/trail.ts'
import type { Condition } from '../../shared/domain/task/condition.ts'
import { saveTask } from '../../shared/domain/task/life.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import { parseLease, replacingTransition } from '../support/applying.ts'
import { type Defect, replacing, seenAfterWrites } from './defect.ts'

type Later = () => Promise<unknown>

/** The page is committed first, and then its object is written. */
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
        apply: replacingTransition(tasks.apply, 'save', async (...change) => {
          const saved = await tasks.apply(...change)
          for (const write of waiting.splice(0)) await write()
          return saved
        }),
      }),
    }
  },
}

export const unfenced: Defect = {
  stores({ tasks }) {
    const { apply } = tasks
    tasks.apply = replacingTransition(apply, 'save', (key, { update }) =>
      apply(key, saveTask(tasks.get(key)?.fence ?? 0, update.set)),
    )
  },
}

/** The one alternative in the guard of a lease is that the task is free. */
const withoutAny = (guard: Condition): Condition =>
  guard.test === 'all'
    ? { ...guard, conditions: guard.conditions.filter(({ test }) => test !== 'any') }
    : guard

export const unleased: Defect = {
  stores({ tasks }) {
    const { apply } = tasks
    tasks.apply = replacingTransition(apply, 'lease', (key, { guard, update, ...transition }) => {
      const { leaseOwner = update.set.leaseOwner } = tasks.get(key) ?? {}
      const set = { ...update.set, leaseOwner }
      return apply(key, { ...transition, guard: withoutAny(guard), update: { ...update, set } })
    })
  },
}

/** The key of an object depends on the time of the attempt. It should depend on the place only. */
export const keyOfAttempt: Defect = {
  collect(ports, process) {
    const { tasks } = ports
    return {
      ...ports,
      tasks: replacing(tasks, {
        apply: replacingTransition(tasks.apply, 'lease', async (key, transition) => {
          const leased = await tasks.apply(key, transition)
          const partition = `${parseLease(transition).partition}T${process.clock.now()}`
          return leased && { ...leased, after: { ...leased.after, partition } }
        }),
      }),
    }
  },
}

export const overwriting: Defect = {
  stores({ lake }) {
    const { put } = lake
    lake.put = ({ IfNoneMatch: _, ...input }) => put(input)
  },
  // A run that looks first finds the object and writes none. This one relies on the condition only.
  collect: ports => ({
    ...ports,
    lake: replacing(ports.lake, { record: async () => undefined }),
  }),
}

/** A run does not see which events of an overlap are in the lake already. */
export const forgetful: Defect = {
  collect: ports => ({
    ...ports,
    lake: replacing(ports.lake, { read: async () => undefined }),
  }),
}

/** A walk along the ledger that was interrupted is taken for one that has come to its end. */
export const contented: Defect = {
  collect(ports) {
    const { lake } = ports
    return {
      ...ports,
      lake: replacing(lake, {
        async readAside(key) {
          return (await lake.readAside(key))?.replace(/"next":"[^"]*",/, '')
        },
      }),
    }
  },
}

/** What cannot be read is dropped. */
export const careless: Defect = {
  collect: ports => ({ ...ports, lake: replacing(ports.lake, { setAside: async () => undefined }) }),
}

const rewritingLines = (rewrite: (line: string) => string): Defect => ({
  collect: ports => ({
    ...ports,
    lake: replacing(ports.lake, {
      create(key, body, record) {
        const lines = Buffer.from(body).toString('utf8').trimEnd().split('\n')
        const anew = lines.map(line => `${rewrite(line)}\n`).join('')
        return ports.lake.create(key, Buffer.from(anew), record)
      },
    }),
  }),
})

/** Every event is parsed and written anew. */
export const altering = rewritingLines(line => JSON.stringify(JSON.parse(line)))

/** The metadata have one name, also beside a member of that name. */
export const doubledName = rewritingLines(line =>
  line.replace(/,"_metadata_\d+":(?=\{"collector":)/, ',"_metadata":'),
)

/** The next object is named after the cursor, as in schema 2: an empty page or a reset moves the name. */
export const keyOfCursor: Defect = {
  collect: ports => ({
    ...ports,
    tasks: seenAfterWrites(ports.tasks, task => ({ ...task, place: placeOfSchema2(task) })),
  }),
}

/** A table that was restored is taken for the truth: only an object that a put has met is looked at. */
export const trustedTable: Defect = {
  collect(ports) {
    const { lake } = ports
    const met = new Set<string>()
    return {
      ...ports,
      lake: replacing(lake, {
        create(key, ...page) {
          met.add(key)
          return lake.create(key, ...page)
        },
        record: async key => (met.has(key) ? lake.record(key) : undefined),
      }),
    }
  },
}

/** Another base URL begins at the very last event, whatever is late. */
export const hastyMove: Defect = {
  collect(ports) {
    const { tasks } = ports
    return {
      ...ports,
      tasks: replacing(tasks, {
        apply: replacingTransition(tasks.apply, 'save', async (key, transition) => {
          const { set } = transition.update
          const { lastEventTime } = (await tasks.read(key)) ?? {}
          if (set.chain === undefined || set.baseUrl === undefined || lastEventTime === undefined) {
            return tasks.apply(key, transition)
          }
          const hasty = { ...set, startTime: wholeSeconds(toEpochMs(lastEventTime)) }
          return tasks.apply(key, { ...transition, update: { ...transition.update, set: hasty } })
        }),
      }),
    }
  },
}

/** Wherever 1Password leads, the run follows, and what exists there is taken for what it wanted to write. */
export const credulous: Defect = {
  collect: ports => ({
    ...ports,
    lake: replacing(ports.lake, {
      async create(...page) {
        await ports.lake.create(...page)
        return 'created'
      },
    }),
    tasks: seenAfterWrites(ports.tasks, ({ trail: _, ...task }) => task),
  }),
}

/** A cursor is thrown away for the first refusal: every task seems to have been refused before. */
export const rash: Defect = {
  collect: ports => ({
    ...ports,
    tasks: seenAfterWrites(ports.tasks, task =>
      task.cursor === undefined ? task : { ...task, refusedPlace: cursorMark(task.cursor) },
    ),
  }),
}

/** The first object after an upgrade is compressed at once. A put of the deployment before may stand beside it. */
export const compressedAtOnce: Defect = {
  stores({ tasks }) {
    const { upgrade } = tasks
    tasks.upgrade = async (key, nowMs) => {
      const upgraded = await upgrade(key, nowMs)
      const { place, ...task } = upgraded ?? {}
      if (upgraded === undefined || place === undefined) return upgraded
      const name = place.replace(/\.ndjson$/, '')
      tasks.items.set(`${key.sourceId}/${key.api}`, { ...(task as Task), place: name })
      return tasks.get(key)
    }
  },
}
