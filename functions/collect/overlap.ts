import { MAX_WALKED_OBJECTS, MAX_WALKED_UUIDS } from '../../shared/contract/limits.ts'
import { RESERVE_MS, WALK_MS } from '../../shared/contract/timing.ts'
import { createFailure, during } from '../../shared/domain/failure/failure.ts'
import { ownReason, toOwnFact } from '../../shared/domain/failure/own-trouble.ts'
import type { Page } from '../../shared/domain/stream/page.ts'
import type { PageRecord } from '../../shared/domain/stream/page-record.ts'
import { compareTimestamps } from '../../shared/domain/stream/timestamp.ts'
import type { Overlap } from '../../shared/domain/task/task.ts'
import { changeHealthAfterWalk } from './health-changes.ts'
import type { Run } from './run.ts'

/** Uuids of events that were delivered before a reset, while the chain reads them again. */
export type DeliveredUuids = ReadonlySet<string>

/** Where a walk along the ledger ended before its end, and why. */
interface Stop {
  readonly key: string
  /** Completes the sentence "… because". */
  readonly why: string
  /** Another run may get further. */
  readonly mayPass: boolean
}

const parseUuid = (line: string): unknown => JSON.parse(line).uuid

interface WalkedObject {
  readonly record: PageRecord
  readonly lines: readonly string[]
}

/** Whether an object is there and will not be readable a moment later either: another storage class, a key, a policy. */
const isOutOfReach = (error: unknown): boolean => ['denied', 'archived'].includes(ownReason(toOwnFact(error)))

async function readObject({ ports }: Run, key: string): Promise<WalkedObject | 'missing' | 'out of reach'> {
  try {
    return (await ports.lake.read(key)) ?? 'missing'
  } catch (error) {
    if (isOutOfReach(error)) return 'out of reach'
    throw error
  }
}

const REASONS = {
  missing: 'it has expired or was deleted',
  'out of reach': 'it cannot be read: see its storage class, its KMS key and the policy of the bucket',
} as const

/** Returns why no further object may be read. */
function findLimit(uuids: DeliveredUuids, objects: number, isLate: boolean): Omit<Stop, 'key'> | undefined {
  if (objects >= MAX_WALKED_OBJECTS) return { why: `${objects} objects were read`, mayPass: false }
  if (uuids.size >= MAX_WALKED_UUIDS) return { why: `${uuids.size} events were found`, mayPass: false }
  return isLate ? { why: 'the time for it was used up', mayPass: true } : undefined
}

/**
 * Walks the ledger back from the last object before the reset, until an object is older than the overlap. Adds the uuids
 * that it finds. Returns where it had to stop, if it did not come to the end.
 */
async function walk(run: Run, overlap: Overlap, uuids: Set<string>): Promise<Stop | undefined> {
  const { clock } = run.ports
  const untilMs = Math.min(clock.now() + WALK_MS, run.deadlineMs - RESERVE_MS)
  let key: string | undefined = overlap.lastObjectKey
  for (let objects = 0; key !== undefined; objects++) {
    const limit = findLimit(uuids, objects, clock.now() >= untilMs)
    if (limit) return { key, ...limit }
    if (key === overlap.walkedTo) return { key, why: 'an earlier run came no further', mayPass: false }
    const object = await readObject(run, key)
    if (typeof object === 'string') return { key, why: REASONS[object], mayPass: object !== 'missing' }
    const { record, lines } = object
    if (record.newest !== undefined && compareTimestamps(record.newest, overlap.from) < 0) return undefined
    for (const uuid of lines.map(parseUuid)) if (typeof uuid === 'string') uuids.add(uuid)
    key = record.previousKey
  }
  return undefined
}

/** How many runs try to come to the end of a walk before one goes on without. */
const MOST_TRIES = 3

/**
 * After a walk that did not come to its end. Fails the run, if the next one may get further. Otherwise notes with the task
 * how far the walk came, and warns that events may be delivered twice.
 */
async function goOnWithout(run: Run, overlap: Overlap, { key, why, mayPass }: Stop): Promise<void> {
  if (overlap.walkedTo !== undefined) return
  const tries = (overlap.tries ?? 0) + 1
  if (mayPass && tries < MOST_TRIES) {
    await run.lease.save({ overlap: { ...overlap, tries } })
    throw createFailure({ kind: 'overlap-unknown', key, why })
  }
  run.ports.log.warn('the events of the overlap are not all known, some may be delivered twice', { key, why })
  const { from } = overlap
  await run.lease.save({
    overlap: { ...overlap, walkedTo: key },
    ...changeHealthAfterWalk(run, { key, why, from }),
  })
}

/**
 * Reads which events a reset cursor will bring again. Returns undefined if the chain follows from no reset. The walk is
 * bounded. If it cannot be ended, the run goes on with what is known: an event more is better than one less.
 */
export async function readDelivered(run: Run): Promise<DeliveredUuids | undefined> {
  const { overlap } = run.lease.task
  if (!overlap) return undefined
  const uuids = new Set<string>()
  const stop = await during('reading the overlap from the lake', walk(run, overlap, uuids))
  if (stop) await goOnWithout(run, overlap, stop)
  return uuids
}

/** The page without the events that were delivered before the reset. */
export const withoutDelivered = (page: Page, delivered: DeliveredUuids | undefined): Page =>
  delivered
    ? { ...page, items: page.items.filter(({ uuid }) => uuid === undefined || !delivered.has(uuid)) }
    : page
