import { MAX_WALKED_EVENTS, MAX_WALKED_OBJECTS } from '../../shared/contract/limits.ts'
import { RESERVE_MS, WALK_KEPT_MS, WALK_MS } from '../../shared/contract/timing.ts'
import { during } from '../../shared/domain/failure/failure.ts'
import { loggableError } from '../../shared/domain/failure/loggable-error.ts'
import { markLine } from '../../shared/domain/stream/event-mark.ts'
import { walkKey } from '../../shared/domain/stream/object-key.ts'
import { findLedgerStep, type PageRecord } from '../../shared/domain/stream/page-record.ts'
import { beginWalk, parseWalk, toWalkText, type Walk } from '../../shared/domain/stream/walk.ts'
import type { Overlap } from '../../shared/domain/task/task.ts'
import { isOutOfReach } from './object-record.ts'
import type { Run } from './run.ts'

/** Where a walk along the ledger has stopped before its end, and why. */
export interface Stop {
  readonly key: string
  /** Completes the sentence "… because". */
  readonly why: string
  /** `never`: no other run gets further. `unlikely`: the object is there and cannot be read. `soon`: the time was used up. */
  readonly passes: 'never' | 'unlikely' | 'soon'
}

export interface WalkEnd {
  readonly marks: ReadonlySet<string>
  /** Undefined if the walk has come to its end. */
  readonly stop: Stop | undefined
  /** The next run goes on behind where this one began. */
  readonly isFurther: boolean
}

interface WalkedObject {
  readonly record: PageRecord
  readonly lines: readonly string[]
}

async function readObject({ ports }: Run, key: string): Promise<WalkedObject | 'missing' | 'out of reach'> {
  try {
    return (await ports.lake.read(key)) ?? 'missing'
  } catch (error) {
    if (isOutOfReach(error)) return 'out of reach'
    throw error
  }
}

const REASONS: Readonly<Record<'missing' | 'out of reach', Omit<Stop, 'key'>>> = {
  missing: { why: 'it has expired or was deleted', passes: 'never' },
  'out of reach': {
    why: 'it cannot be read: see its storage class, its KMS key and the policy of the bucket',
    passes: 'unlikely',
  },
}

/** Returns why no further object may be read. */
function findLimit({ marks, objects }: Walk, isLate: boolean): Omit<Stop, 'key'> | undefined {
  if (objects >= MAX_WALKED_OBJECTS) return { why: `${objects} objects were read`, passes: 'never' }
  if (marks.size >= MAX_WALKED_EVENTS) return { why: `${marks.size} events were found`, passes: 'never' }
  return isLate ? { why: 'the time for it was used up', passes: 'soon' } : undefined
}

/** The walk after an object. */
function pass(walk: Walk, { record, lines }: WalkedObject): Walk {
  const { mayOverlap, nextKey } = findLedgerStep(record, walk.from)
  for (const line of mayOverlap ? lines : []) {
    const mark = markLine(line)
    if (mark !== undefined) walk.marks.add(mark)
  }
  return { ...walk, objects: walk.objects + 1, next: nextKey }
}

/** What an earlier run has kept. What is gone, or cannot be read any more, is found anew. */
async function findKept(run: Run, overlap: Overlap): Promise<Walk | undefined> {
  try {
    const text = await run.ports.lake.readAside(walkKey(run.lease.task))
    return text === undefined ? undefined : parseWalk(text, overlap)
  } catch (error) {
    if (isOutOfReach(error)) return undefined
    throw error
  }
}

/** A walk that is under way. */
interface Walking {
  walk: Walk
  /** What the next run will find. */
  kept: Walk
  /** When it was last tried to keep it. */
  keptMs: number
}

/** Keeps the walk for the next run. If that is not possible, the next run only begins earlier. */
async function keep({ ports, lease }: Run, walking: Walking): Promise<void> {
  const { walk } = walking
  if (walk === walking.kept) return
  walking.keptMs = ports.clock.now()
  try {
    await ports.lake.setAside(walkKey(lease.task), Buffer.from(toWalkText(walk)))
    walking.kept = walk
  } catch (error) {
    ports.log.warn('what is known of the overlap was not kept', { error: loggableError(error) })
  }
}

/** Reads object after object, until no other one can hold events of the overlap. Returns where it had to stop before. */
async function stepBack(run: Run, walking: Walking, walkedTo: string | undefined): Promise<Stop | undefined> {
  const { clock } = run.ports
  const untilMs = Math.min(clock.now() + WALK_MS, run.deadlineMs - RESERVE_MS)
  for (let key = walking.walk.next; key !== undefined && key !== walkedTo; key = walking.walk.next) {
    const { walk } = walking
    const limit = findLimit(walk, clock.now() >= untilMs)
    if (limit) return { key, ...limit }
    const object = await readObject(run, key)
    if (typeof object === 'string') return { key, ...REASONS[object] }
    walking.walk = pass(walk, object)
    if (clock.now() - walking.keptMs >= WALK_KEPT_MS) await keep(run, walking)
  }
  return undefined
}

/** Goes on with a walk. What it finds is kept, also if it fails. */
async function goOn(run: Run, begun: Walk, walkedTo: string | undefined): Promise<WalkEnd> {
  const walking = { walk: begun, kept: begun, keptMs: run.ports.clock.now() }
  let stop: Stop | undefined
  try {
    stop = await stepBack(run, walking, walkedTo)
  } finally {
    await keep(run, walking)
  }
  return { marks: begun.marks, stop, isFurther: walking.kept !== begun }
}

/**
 * Walks the ledger back from the last object before the reset, until the others are older than the overlap. Goes on where an
 * earlier run has stopped. Throws if an object cannot be read for now.
 */
export const walkLedger = (run: Run, overlap: Overlap): Promise<WalkEnd> =>
  during(
    'reading the overlap from the lake',
    findKept(run, overlap).then(kept => goOn(run, kept ?? beginWalk(overlap), overlap.walkedTo)),
  )
