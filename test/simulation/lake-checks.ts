import { createHash } from 'node:crypto'
import { API_NAMES } from '../../shared/contract/apis.ts'
import { CURSORS_PREFIX } from '../../shared/contract/lake-layout.ts'
import type { PageRecord } from '../../shared/domain/stream/page-record.ts'
import { placeDigest } from '../../shared/domain/stream/page-request.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { Account } from './account.ts'
import { BATCH_EVENTS, type SimulatedDestination } from './destinations.ts'
import type { FaultPlan } from './fault-plan.ts'
import { checkSecrecy } from './function-ports.ts'
import type { AccountEvent } from './history.ts'
import { createLineChecks, eventsOf } from './line-checks.ts'
import { streamOf } from './object-stream.ts'
import type { RuleChecks } from './rule-checks.ts'
import type { RuleHistory } from './rule-history.ts'
import { toRuledText } from './rule-sets.ts'
import { type Stores, taskName } from './stores.ts'
import { createStreamHarm, type StreamHarm } from './stream-harm.ts'
import type { Verdict } from './verdict.ts'

/** Counts of the events that were generated and delivered. */
export interface Tally {
  readonly generated: number
  readonly delivered: number
  readonly lost: number
  readonly doubled: number
}

interface LakeChecks {
  /**
   * Checks and counts what is in the lake at the end. Every event that was visible until then (epoch milliseconds) is
   * due.
   */
  audit(untilMs: number): Tally
  /** Counts what is in the lake so far. More events may come. */
  soFar(): Tally
}

interface LakeCheckParts {
  readonly stores: Stores
  readonly accountOf: (sourceId: number) => Account
  readonly verdict: Verdict
  readonly plan: FaultPlan
  readonly destination: SimulatedDestination
  readonly now: () => number
  readonly rules: RuleHistory
  readonly ruleChecks: RuleChecks
  /** Whether the event was damaged on its way, so that nobody can read it. */
  readonly isDamaged: (uuid: string) => boolean
}

interface Stream {
  /** The last object of the chain. */
  tip: string | undefined
  readonly counts: Map<string, number>
  readonly harm: StreamHarm
}

/**
 * Returns whether the next cursor of an object lay beside it, and was deleted or out of reach at any time. A run cannot
 * find what follows from there, if its table does not know it.
 */
function watchCursors({ lake }: Stores): (record: PageRecord | undefined) => boolean {
  const lost = new Set<string>()
  const { remove } = lake
  const { set } = lake.outOfReach
  lake.remove = key => {
    lost.add(key)
    remove(key)
  }
  lake.outOfReach.set = (key, reach) => {
    lost.add(key)
    return set.call(lake.outOfReach, key, reach)
  }
  return record =>
    record !== undefined &&
    lost.has(`${CURSORS_PREFIX}${createHash('sha256').update(record.nextCursor).digest('hex')}`)
}

/** Watches every object that comes into the lake. */
export function createLakeChecks(parts: LakeCheckParts): LakeChecks {
  const { stores, verdict, plan } = parts
  const { objects } = stores.lake
  const streams = new Map<string, Stream>()
  const lineChecksOf = createLineChecks(parts)
  const hasLostCursor = watchCursors(stores)
  let doubled = 0

  function streamNamed(name: string): Stream {
    const stream = streams.get(name) ?? { tip: undefined, counts: new Map(), harm: createStreamHarm() }
    streams.set(name, stream)
    return stream
  }

  function checkChain({ tip, harm }: Stream, key: string, record: PageRecord): void {
    const { previousKey } = record
    if (
      previousKey !== tip &&
      (harm.isCutOff(previousKey) || hasLostCursor(harm.recordOf(previousKey ?? '')))
    )
      harm.onFork()
    else if (previousKey !== tip && !harm.isLostTip(previousKey)) {
      verdict.broken('the chain has no gap or fork', `${key} follows ${previousKey}, not ${tip}`)
    }
    const followsFrom = (previous: PageRecord): boolean =>
      record.link === placeDigest(previous.chain, { cursor: previous.nextCursor }) || hasLostCursor(previous)
    const previous = previousKey === undefined ? [] : harm.recordsOf(previousKey)
    if (previous.length > 0 && !previous.some(followsFrom))
      verdict.broken('the chain has no gap or fork', `${key} has a gap`)
  }

  function countEvent(stream: Stream, key: string, uuid: string): void {
    const count = (stream.counts.get(uuid) ?? 0) + 1
    stream.counts.set(uuid, count)
    if (count === 1 || stream.harm.mayDouble(uuid)) return
    doubled++
    verdict.broken('nothing is doubled', `${uuid} is in the lake ${count} times, at last in ${key}`)
  }

  function onObject(key: string, { record, lines }: { record: PageRecord; lines: readonly string[] }): void {
    const address = streamOf(key)
    const name = taskName(address)
    if (!stores.tasks.get(address) && !plan.active.has('writes-stray')) {
      verdict.broken('a deleted source delivers nothing', key)
    }
    const stream = streamNamed(name)
    const inObject = lineChecksOf(address)
    const uuids = lines.flatMap(line => inObject.findUuid(line) ?? [])
    // The end of the ledger, as a table knows it that was restored from a backup.
    const isEnd = stores.tasks.get(address)?.lastObjectKey === record.previousKey
    if (isEnd || !stream.harm.isReturning(key)) {
      checkChain(stream, key, record)
      stream.tip = key
    }
    if (record.count !== lines.length) verdict.broken('an object counts its events', key)
    checkSecrecy(verdict, key, lines)
    for (const line of lines) inObject.check(key, line)
    for (const uuid of uuids) countEvent(stream, key, uuid)
    stream.harm.onObject(key, record, uuids)
  }

  const { set, delete: remove } = objects
  const { set: setReach } = stores.lake.outOfReach
  objects.set = (key, object) => {
    const existing = objects.get(key)
    if (!existing) onObject(key, object)
    else if (existing.lines.join() !== object.lines.join()) {
      verdict.broken('an object is never overwritten', key)
    }
    return set.call(objects, key, object)
  }
  objects.delete = key => {
    const stream = streamNamed(taskName(streamOf(key)))
    const isCommitted = stores.tasks.get(streamOf(key))?.lastObjectKey === key
    for (const uuid of stream.harm.onDeleted(key)) stream.counts.delete(uuid)
    if (stream.tip === key && !isCommitted) stream.tip = stream.harm.recordOf(key)?.previousKey
    return remove.call(objects, key)
  }
  stores.lake.outOfReach.set = (key, reach) => {
    if (objects.has(key)) streamNamed(taskName(streamOf(key))).harm.onOutOfReach(key)
    return setReach.call(stores.lake.outOfReach, key, reach)
  }

  function soFar(): Tally {
    return { ...tallyOf(parts, streams, { untilMs: Number.POSITIVE_INFINITY, isEnded: false }), doubled }
  }

  return {
    soFar,
    audit(untilMs) {
      const tally = tallyOf(parts, streams, { untilMs, isEnded: true })
      checkEnds(stores, streams, verdict)
      return { ...tally, doubled }
    },
  }
}

/** What could not be read is kept as received: it is not lost. If the source has rules, it is not kept. */
function createExcuses({ stores, rules, isDamaged }: LakeCheckParts) {
  const kept = [...stores.lake.unreadable.values()].join('')
  return (sourceId: number, { uuid }: AccountEvent): boolean =>
    kept.includes(uuid) || (rules.hasHad(sourceId) && isDamaged(uuid))
}

interface Completeness {
  /** Every due event must be there, and otherwise every event before the last one. */
  readonly isComplete: boolean
  /** So many events before the last one may be missing all the same. */
  readonly mayLack: number
}

/** Finds missing events. */
function missingOf(
  due: readonly AccountEvent[],
  isElsewhere: (event: AccountEvent) => boolean,
  stream: Stream | undefined,
  { isComplete, mayLack }: Completeness,
) {
  const isThere = (event: AccountEvent): boolean =>
    isElsewhere(event) ||
    (stream !== undefined && (stream.counts.has(event.uuid) || stream.harm.isDeleted(event.uuid)))
  const last = due.findLastIndex(isThere)
  const wanted = isComplete ? due : due.slice(0, Math.max(0, last + 1 - mayLack))
  return { wanted, missing: wanted.filter(event => !isThere(event)) }
}

interface Time {
  /** Epoch milliseconds. */
  readonly untilMs: number
  /** Every event that was visible by then is due. Otherwise only events before a delivered one are due. */
  readonly isEnded: boolean
}

/** Counts the events that each source had to deliver, also deleted sources, and reports lost events. */
function tallyOf(
  parts: LakeCheckParts,
  streams: ReadonlyMap<string, Stream>,
  { untilMs, isEnded }: Time,
): Omit<Tally, 'doubled'> {
  const { stores, accountOf, verdict, rules, ruleChecks, destination } = parts
  let [generated, delivered, lost] = [0, 0, 0]
  const isExcused = createExcuses(parts)
  for (const source of stores.created.values()) {
    const current = stores.registry.stored.sources.get(`${source.collectorId}/${source.id}`)
    const startMs = Date.parse(source.startTime)
    for (const api of API_NAMES) {
      const name = taskName({ sourceId: source.id, api })
      const stream = streams.get(name)
      const isWithoutLake = destination.isOn && !destination.hasLake
      // The source may have been deleted after its destination took only the second half of a batch.
      const mayLack = isWithoutLake ? BATCH_EVENTS : 0
      const isElsewhere = (event: AccountEvent): boolean =>
        isWithoutLake && rules.everOf(source.id).some(set => destination.has(name, toRuledText(event, set)))
      const all = eventsOf(accountOf(source.id), api).filter(({ atMs }) => atMs >= startMs)
      const due = all.filter(({ visibleMs }) => visibleMs <= untilMs)
      const isComplete = isEnded && (current?.apis.includes(api) ?? false)
      const { wanted, missing: absent } = missingOf(due, isElsewhere, stream, { isComplete, mayLack })
      const mayDrop = (event: AccountEvent): boolean => rules.mayDrop(source.id, event)
      const dropped = absent.filter(mayDrop)
      const missing = absent.filter(event => !mayDrop(event) && !isExcused(source.id, event))
      if (isComplete)
        ruleChecks.audit(name, {
          due: dropped.filter(event => !isExcused(source.id, event)).length,
          atMost: missingOf(all, isElsewhere, stream, { isComplete: true, mayLack }).missing.filter(mayDrop)
            .length,
        })
      generated += wanted.length - dropped.length
      delivered += wanted.length - dropped.length - missing.length
      lost += missing.length
      if (missing.length === 0) continue
      const [first] = missing
      verdict.broken('nothing is lost', `${missing.length} of ${source.id}/${api}, first ${first?.json}`)
    }
  }
  return { generated, delivered, lost }
}

/** No run has looked after a task since its API was taken out of the source, although its table may have been restored. */
const isParked = ({ state, halted }: Task): boolean => state === 'Pending' && halted === true

/** In the end each task names the last object of its chain. */
function checkEnds(stores: Stores, streams: ReadonlyMap<string, Stream>, verdict: Verdict): void {
  for (const task of stores.tasks.items.values() as Iterable<Task>) {
    const { tip, harm } = streams.get(taskName(task)) ?? {}
    if (
      task.lastObjectKey === tip ||
      harm?.isLostTip(task.lastObjectKey) ||
      harm?.isCutOff(task.lastObjectKey) ||
      task.partition !== undefined ||
      isParked(task)
    )
      continue
    verdict.broken(
      'the chain has no gap or fork',
      `${taskName(task)} ends at ${task.lastObjectKey}, not ${tip}`,
    )
  }
}
