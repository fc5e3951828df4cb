import type { Api } from '../../contract/apis.ts'
import type { Source } from '../source/source.ts'
import { TASK_SCHEMA, type Task } from './task.ts'

/** Creates the task of an API that a source collects from now on. It begins at the start time of the source. */
export const firstTask = (
  source: Pick<Source, 'id' | 'collectorId' | 'startTime'>,
  api: Api,
  now: string,
): Task => ({
  schema: TASK_SCHEMA,
  sourceId: source.id,
  api,
  collectorId: source.collectorId,
  createdAt: now,
  state: 'Pending',
  stateSince: now,
  reachedMs: { Pending: Date.parse(now) },
  chain: 1,
  startTime: source.startTime,
  fence: 0,
  pages: 0,
  events: 0,
})
