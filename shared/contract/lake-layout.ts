import type { Api } from './apis.ts'

/** The folders of the events in the lake. They are also the partitions of the Glue table (`api`, `date`). */
export const EVENTS_PREFIX = 'events/'

export const partitionFolder = (api: Api | string, date: string): string =>
  `${EVENTS_PREFIX}api=${api}/date=${date}/`

/** The ending of an object with events. Readers know by it that its lines are compressed. */
export const OBJECT_ENDING = '.ndjson.gz'

/** The ending in deployments before there was compression. Their objects stay as they are. */
export const PLAIN_ENDING = '.ndjson'

/**
 * The folder for next cursors that are too long for the metadata of an object (2 KB in total). Each is named by its
 * SHA-256.
 */
export const CURSORS_PREFIX = 'cursors/'

/**
 * The folder for what was received and could not be read as events. It holds a folder for each page, with the name of the
 * page's object below `events/`.
 */
export const UNREADABLE_PREFIX = 'unreadable/'

/**
 * The folder for what is known of the events that a reset cursor brings again: one object for each task and chain. It may
 * be deleted at any time.
 */
export const WALKS_PREFIX = 'walks/'
