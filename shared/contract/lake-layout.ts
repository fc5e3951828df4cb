import type { Api } from './apis.ts'

/** Where delivered events lie in the lake. The Glue table's partitions (`api`, `date`) are these very folders. */
export const EVENTS_PREFIX = 'events/'

export const partitionFolder = (api: Api | string, date: string): string =>
  `${EVENTS_PREFIX}api=${api}/date=${date}/`

/** Next cursors too long for object metadata (2 KB in all) lie here, named by their SHA-256. */
export const CURSORS_PREFIX = 'cursors/'
