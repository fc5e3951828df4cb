import { placeDigest } from '../../shared/domain/stream/page-request.ts'
import { wholeSeconds } from '../../shared/domain/stream/timestamp.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import { replacingTransition } from '../support/applying.ts'
import { type Defect, replacing, seenAfterWrites } from './defect.ts'

/** An error is kept with the whole body of the answer. */
export const wholeAnswer: Defect = {
  collect({ eventsApi, ...ports }) {
    const { tasks } = ports
    let body = ''
    return {
      ...ports,
      eventsApi: {
        async send(call) {
          const answer = await eventsApi.send(call)
          body = Buffer.from(answer.body).toString('utf8')
          return answer
        },
      },
      tasks: replacing(tasks, {
        apply: replacingTransition(tasks.apply, 'save', (key, { update, ...transition }) => {
          const { error } = update.set
          const set = error ? { ...update.set, error: { ...error, info: error.info + body } } : update.set
          return tasks.apply(key, { ...transition, update: { ...update, set } })
        }),
      }),
    }
  },
}

/** The record of an object names the cursor in the metadata, however long it is. */
export const cursorInMetadata: Defect = {
  collect: ports => ({
    ...ports,
    lake: replacing(ports.lake, {
      create: (key, body, record) => ports.lake.create(key, body, { ...record, asked: record.nextCursor }),
    }),
  }),
}

const LAST_WHOLE_ITEM = /^(\{"cursor":"[^"]*","has_more":(?:true|false),"items":\[.*\})(?=,\{|$)/

/** A page that ends early is taken for a page with fewer events. */
export const mendedPage: Defect = {
  collect: ({ eventsApi, ...ports }) => ({
    ...ports,
    eventsApi: {
      async send(call) {
        const answer = await eventsApi.send(call)
        const text = Buffer.from(answer.body).toString('latin1')
        const begin = text.endsWith(']}') ? undefined : LAST_WHOLE_ITEM.exec(text)?.[1]
        return begin === undefined ? answer : { ...answer, body: Buffer.from(`${begin}]}`, 'latin1') }
      },
    },
  }),
}

const placeOf = ({ chain, cursor }: Task): string | undefined =>
  cursor === undefined ? undefined : placeDigest(chain, { cursor }).slice(0, 16)

/** Every page that cannot be read seems to have been met by runs before, so events are stepped over at once. */
export const hastyStep: Defect = {
  collect: ports => ({
    ...ports,
    tasks: seenAfterWrites(ports.tasks, task => {
      const place = placeOf(task)
      return place === undefined ? task : { ...task, unreadableAt: `${place}/9` }
    }),
  }),
}

/** After a page that is too large the task goes on from now. */
export const largePageSkipped: Defect = {
  collect(ports) {
    const { tasks } = ports
    return {
      ...ports,
      tasks: replacing(tasks, {
        apply: replacingTransition(tasks.apply, 'save', (key, { update, ...transition }) => {
          const { set } = update
          if (set.pageLimit === undefined || set.chain === undefined) {
            return tasks.apply(key, { ...transition, update })
          }
          const startTime = wholeSeconds(ports.clock.now())
          return tasks.apply(key, { ...transition, update: { ...update, set: { ...set, startTime } } })
        }),
      }),
    }
  },
}

/** Each API of a source takes all of what the source may ask. */
export const wholeShare: Defect = {
  collect: ports => ({
    ...ports,
    registry: replacing(ports.registry, {
      async registered(...ids) {
        const found = await ports.registry.registered(...ids)
        if (!found) return undefined
        const apis = Object.create(found.source.apis, {
          length: { value: 1 },
          includes: { value: () => true },
        })
        return { ...found, source: { ...found.source, apis } }
      },
    }),
  }),
}
