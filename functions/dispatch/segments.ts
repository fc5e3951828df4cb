import {
  TICK_HANDED_OVER,
  TICK_OVERTAKEN,
  TICK_RESUMED,
  TICK_UNFINISHED,
} from '../../shared/contract/log-messages.ts'
import { TICK_HANDOVER_MS } from '../../shared/contract/timing.ts'
import { toIsoTime } from '../../shared/domain/stream/timestamp.ts'
import { paceOfTable } from '../../shared/domain/tick/pace.ts'
import {
  findNewestTick,
  findNextSegment,
  findSegment,
  findUnfinishedTick,
  listFreeSegments,
  listOpenSegments,
  type TickProgress,
} from '../../shared/domain/tick/segment.ts'
import { addNumbers, NO_COUNTS } from '../../shared/domain/tick/tick-part.ts'
import { createCensus } from './census.ts'
import { type SegmentWork, workOnSegment } from './segment-work.ts'
import { createTick, type DispatchPorts, type Tick, type TickOptions, throwUndone } from './tick.ts'

interface SegmentOptions extends TickOptions {
  readonly tickMs: number
  /** The only segment that this invocation works on: another one has handed it over. */
  readonly segment?: number
}

interface Invocation extends Omit<SegmentWork, 'perSecond'> {
  readonly options: SegmentOptions
  readonly tried: Set<number>
}

function note(
  { options: { onNote = () => {} } }: Invocation,
  message: string,
  { tickMs, segmentsLeft }: { readonly tickMs: number; readonly segmentsLeft: number },
): void {
  const metrics = message === TICK_UNFINISHED && { metrics: { ticksUnfinished: 1 } }
  onNote({ message, tick: toIsoTime(tickMs), segmentsLeft, ...metrics })
}

/** Says what the invocation finds when it begins. */
function noteBeginning(invocation: Invocation, progress: TickProgress): void {
  const left = findUnfinishedTick(progress)
  if (!left || invocation.options.segment !== undefined) return
  note(invocation, left.tickMs === invocation.tickMs ? TICK_RESUMED : TICK_UNFINISHED, left)
}

/**
 * Gives the segments that are left to other invocations. One that was given its segment by another one gives away no
 * other: they have their own invocations.
 */
async function handOver(ports: DispatchPorts, invocation: Invocation, progress: TickProgress): Promise<void> {
  const { tickMs, options } = invocation
  const free = listFreeSegments(progress, { tickMs, nowMs: ports.clock.now() })
  const given = free.filter(each => (options.segment ?? each) === each)
  if (given.length === 0) return
  note(invocation, TICK_HANDED_OVER, { tickMs, segmentsLeft: given.length })
  await ports.bus.publishSegments(given.map(segment => ({ tickMs, segment })))
}

/** Adds up all segments and ends the tick, unless another invocation has done so. */
async function endTick(
  ports: DispatchPorts,
  { tickMs, writer, options }: Invocation,
  { segments }: TickProgress,
): Promise<Tick | undefined> {
  if (!(await ports.ticks.end(tickMs, writer))) return undefined
  const counts = segments.reduce((sum, { part }) => addNumbers(sum, part.counts), NO_COUNTS)
  const census = createCensus(segments.map(({ part }) => part.census)).read()
  const startedMs = Math.min(...segments.map(segment => segment.startedMs))
  const tick = createTick(counts, census, ports.clock.now() - startedMs)
  options.onEnd?.(tick)
  return tick
}

/** Whether the invocation may work on a segment. It tries each one once. */
const mayTry = ({ tried, options }: Invocation, segment: number): boolean =>
  !tried.has(segment) && (options.segment ?? segment) === segment

/** Works on one segment after the other, until none is free or the time is up. */
async function workOnSegments(ports: DispatchPorts, invocation: Invocation): Promise<Tick | undefined> {
  const { tickMs, tried } = invocation
  let perSecond: number | undefined
  for (;;) {
    const progress = await ports.ticks.progress()
    if (perSecond === undefined) noteBeginning(invocation, progress)
    perSecond ??= paceOfTable(progress, tickMs)
    if ((findNewestTick(progress) ?? tickMs) > tickMs) {
      note(invocation, TICK_OVERTAKEN, { tickMs, segmentsLeft: listOpenSegments(progress, tickMs).length })
      return undefined
    }
    if (listOpenSegments(progress, tickMs).length === 0) return endTick(ports, invocation, progress)
    if (invocation.isLate()) {
      await handOver(ports, invocation, progress)
      return undefined
    }
    const turn = { tickMs, nowMs: ports.clock.now() }
    const segment = findNextSegment(progress, turn, each => mayTry(invocation, each))
    if (segment === undefined) return undefined
    tried.add(segment)
    await workOnSegment(ports, { ...invocation, perSecond }, segment, findSegment(progress, segment))
  }
}

/**
 * Works through a table that is larger than one page, in segments. After each page it stores how far it came. So a tick
 * that died is continued, by the same tick or the next one, and nothing is published twice but the page at which it died.
 * Returns the tick if this invocation has finished it.
 */
export async function dispatchSegments(
  ports: DispatchPorts,
  options: SegmentOptions,
): Promise<Tick | undefined> {
  const { clock, random } = ports
  const lateMs = clock.now() + TICK_HANDOVER_MS
  const failures: unknown[] = []
  const invocation: Invocation = {
    tickMs: options.tickMs,
    writer: random.uuid(),
    quietLookMs: options.quietLookMs ?? 0,
    isLate: () => clock.now() >= lateMs,
    onFailure: error => failures.push(error),
    options,
    tried: new Set(),
  }
  const tick = await workOnSegments(ports, invocation)
  throwUndone(failures)
  return tick
}
