import { OVERLAP_HOURS } from '../../shared/contract/limits.ts'
import { latestOf, toMilliseconds, wholeSeconds } from '../../shared/domain/stream/timestamp.ts'
import type { Lake } from '../../shared/ports.ts'
import { replacingTransition } from '../support/applying.ts'
import { type Defect, replacing } from './defect.ts'

/** Returns the largest timestamp of a ledger. */
async function findLargest(lake: Lake, lastKey: string | undefined): Promise<string | undefined> {
  let largest: string | undefined
  for (let key = lastKey; key !== undefined; ) {
    const record = await lake.record(key)
    largest = latestOf(largest, record?.lastTimestamp)
    key = record?.previousKey
  }
  return largest
}

/** Every time is believed: a new chain begins before the largest one, but not in the future. */
export const gullible: Defect = {
  collect(ports) {
    const { tasks, lake, clock } = ports
    const apply = replacingTransition(tasks.apply, 'save', async (key, transition) => {
      const { set } = transition.update
      const task = await tasks.read(key)
      const largest = set.chain === undefined ? undefined : await findLargest(lake, task?.lastObjectKey)
      if (largest === undefined || !task) return tasks.apply(key, transition)
      const backMs = Math.min(toMilliseconds(largest), clock.now()) - OVERLAP_HOURS * 3_600_000
      const startTime = wholeSeconds(Math.max(backMs, toMilliseconds(task.startTime)))
      const update = { ...transition.update, set: { ...set, startTime } }
      return tasks.apply(key, { ...transition, update })
    })
    return { ...ports, tasks: replacing(tasks, { apply }) }
  },
}

/** Events dated far ahead are forgotten once the ledger has gone on. */
export const nearsighted: Defect = {
  collect(ports) {
    const { lake } = ports
    return {
      ...ports,
      lake: replacing(lake, {
        async read(key) {
          const object = await lake.read(key)
          if (!object) return undefined
          const { aheadKey: _, ...record } = object.record
          return { ...object, record }
        },
      }),
    }
  },
}

/** After a last page without a cursor the overlap is forgotten, although its events come again. */
export const easygoing: Defect = {
  collect(ports) {
    const { tasks } = ports
    const apply = replacingTransition(tasks.apply, 'save', (key, transition) => {
      const { set } = transition.update
      const isEnd = 'lastSuccessAt' in set && set.behind === undefined
      const update = { ...transition.update, set: { ...set, ...(isEnd && { overlap: undefined }) } }
      return tasks.apply(key, { ...transition, update })
    })
    return { ...ports, tasks: replacing(tasks, { apply }) }
  },
}
