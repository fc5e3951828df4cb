import { createHash } from 'node:crypto'
import {
  EVENTS_PREFIX,
  OBJECT_ENDING,
  PLAIN_ENDING,
  partitionFolder,
  UNREADABLE_PREFIX,
  WALKS_PREFIX,
} from '../../contract/lake-layout.ts'
import type { Task } from '../task/task.ts'
import { nextRequest, placeDigest } from './page-request.ts'
import { toUtcDate } from './timestamp.ts'

/** What the name of the next object depends on. */
export type LedgerEnd = Pick<
  Task,
  'sourceId' | 'api' | 'chain' | 'startTime' | 'link' | 'place' | 'lastObjectKey'
>

/** The name of the place after the objects of a chain. `digest`: of the request that followed from the last of them. */
export const toPlace = (chain: number, digest: string): string => `${chain}-${digest.slice(0, 32)}`

/** Returns the digest of the request that followed from the last object. Before the first one: of the chain's start. */
export const ledgerLink = ({ chain, startTime, link }: Pick<Task, 'chain' | 'startTime' | 'link'>): string =>
  link ?? placeDigest(chain, { limit: 1, start_time: startTime })

/**
 * Returns the name of the end of the ledger, where the next object goes. It does not depend on cursors that brought no
 * events, and a new chain begins at the same end. So every put since the last object meets the same key, however late it
 * lands.
 */
export const nextPlace = (task: Pick<Task, 'chain' | 'startTime' | 'link' | 'place'>): string =>
  task.place ?? toPlace(task.chain, ledgerLink(task))

/** Returns where a deployment of schema 2 put the next object: it was named after the cursor that the page was asked with. */
export const placeOfSchema2 = (task: Pick<Task, 'chain' | 'startTime' | 'cursor'>): string =>
  toPlace(task.chain, placeDigest(task.chain, nextRequest(task, 1)))

/**
 * Returns the same place in the form of a deployment that did not compress. A put of such a deployment may land there at any
 * time, so the next object must have that very key.
 */
export const toPlainPlace = (place: string): string => (isPlainKey(place) ? place : `${place}${PLAIN_ENDING}`)

const withoutEnding = (place: string): string =>
  isPlainKey(place) ? place.slice(0, -PLAIN_ENDING.length) : place

/** Returns the chain of the last object, or of the task before the first one. */
export const chainOfEnd = (task: Parameters<typeof nextPlace>[0]): number =>
  Number.parseInt(nextPlace(task), 10) || task.chain

/**
 * Returns another name for the same end of the ledger, if the next place is taken by an object that cannot be adopted. It
 * follows from the last object alone, so a table that was restored from a backup finds it again.
 */
export function placeBeside(task: Omit<LedgerEnd, 'sourceId' | 'api'>): string {
  const place = withoutEnding(nextPlace(task))
  const digest = createHash('sha256')
    .update(JSON.stringify([place, task.lastObjectKey]))
    .digest('hex')
  return toPlace(chainOfEnd(task), digest)
}

const toKey = ({ sourceId, api }: LedgerEnd, partition: string, name: string): string =>
  `${partitionFolder(api, partition)}${sourceId}-${name}`

/** Returns the key of the next object in the date folder that the lease has fixed. A plain place has its own ending. */
export function objectKey(task: LedgerEnd, partition: string): string {
  const place = nextPlace(task)
  return toKey(task, partition, isPlainKey(place) ? place : `${place}${OBJECT_ENDING}`)
}

/** Whether a deployment that did not compress has put an object, or the first run after its upgrade. */
export const isPlainKey = (key: string): boolean => key.endsWith(PLAIN_ENDING)

/**
 * Returns the keys that an object at the end of the ledger may have. If the next place was ever left, the ledger goes on
 * beside it. Earlier deployments give the object another ending.
 */
export const possibleKeys = (task: LedgerEnd, partition: string): readonly string[] => [
  ...new Set([
    objectKey({ ...task, place: placeBeside(task) }, partition),
    objectKey(task, partition),
    toKey(task, partition, toPlainPlace(nextPlace(task))),
  ]),
]

/** In case clocks differ. */
const MARGIN_MS = 60_000
const DAY_MS = 86_400_000
/** A table is not restored to an older state than that. */
const MOST_DATES = 400

/** Returns every date from a time until another, the oldest first. */
function datesBetween(fromMs: number, toMs: number): readonly string[] {
  const firstDay = Math.floor(Math.max(fromMs, toMs - MOST_DATES * DAY_MS) / DAY_MS)
  const days = Math.floor(toMs / DAY_MS) - firstDay + 1
  return Array.from({ length: Math.max(days, 0) }, (_, day) => toUtcDate((firstDay + day) * DAY_MS))
}

/** Returns the folder of what could not be read of a page, by the key of the page's object. */
export const unreadableFolder = (key: string): string =>
  `${UNREADABLE_PREFIX}${key.slice(EVENTS_PREFIX.length).replace(/\.ndjson(\.gz)?$/, '')}/`

/**
 * Returns where a page's evidence lies. It is named after its content: a put that lands hours late must not replace what
 * another attempt has kept for the same object.
 */
export const unreadableKey = (key: string, content: Uint8Array): string =>
  `${unreadableFolder(key)}${createHash('sha256').update(content).digest('hex').slice(0, 32)}${OBJECT_ENDING}`

/** Returns the key of what is known of the events that the chain of a task brings again. */
export const walkKey = ({ sourceId, api, chain }: Pick<Task, 'sourceId' | 'api' | 'chain'>): string =>
  `${WALKS_PREFIX}${sourceId}-${api}-${chain}.txt`

export interface SearchedTime {
  /** An uncommitted object may exist in the task's own date folder. */
  readonly mayHaveObject: boolean
  /** When the source was created. A task that was created anew may have objects of the one before. */
  readonly createdMs: number
  readonly nowMs: number
}

/**
 * Returns the date folders in which the object at the end of the ledger may lie although the task does not know it. That
 * is the task's own folder after a run that may have died. If the last success was not today, the table may be older than
 * the lake, because it was restored from a backup: then it is every folder since. A put of today meets its object anyway.
 */
export function datesToSearch(
  { partition, lastSuccessAt }: Pick<Task, 'partition' | 'lastSuccessAt'>,
  { mayHaveObject, createdMs, nowMs }: SearchedTime,
): readonly string[] {
  const own = mayHaveObject && partition !== undefined ? [partition] : []
  const sinceMs = lastSuccessAt === undefined ? createdMs : Date.parse(lastSuccessAt) - MARGIN_MS
  const dates = datesBetween(sinceMs, nowMs)
  return dates.length > 1 ? [...new Set([...own, ...dates])] : own
}

/** Returns the date folders for the object after one that was found. The clocks of two runs may disagree about midnight. */
export const datesAfter = (dates: readonly string[], found: string): readonly string[] =>
  dates.filter(date => date >= toUtcDate(Date.parse(found) - DAY_MS)).sort()
