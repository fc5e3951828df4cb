import { TICK_SEGMENTS } from '../../contract/limits.ts'
import { TICK_LEASE_MS, TICK_MINUTES } from '../../contract/timing.ts'
import { beginPass, type Pass } from './pass.ts'
import { EMPTY_PART, type TickPart } from './tick-part.ts'

/** How far ticks came in one segment of the tasks table. It is stored after each page. */
export interface SegmentProgress {
  readonly schema: 1
  readonly segment: number
  /** The tick that last worked on the segment: the time of the schedule's event, in epoch milliseconds. */
  readonly tickMs: number
  /** Rises with each write. A write names the step that it follows, so that two invocations never count a page twice. */
  readonly step: number
  /** The invocation that wrote this. */
  readonly writer: string
  /** Until then no other invocation of the same tick works on the segment. 0 if nobody does. */
  readonly heldMs: number
  /** When the tick first came to this segment. */
  readonly startedMs: number
  /** Is smaller the longer some tasks of the segment were not dispatched. A claim does not change it. */
  readonly servedMs: number
  readonly pass: Pass
  readonly part: TickPart
}

export interface TickProgress {
  /** Segments that no tick has ever worked on are absent. */
  readonly segments: readonly SegmentProgress[]
  /** The last tick that was finished and has written its metrics. */
  readonly endedMs?: number
}

const ALL = Array.from({ length: TICK_SEGMENTS }, (_, segment) => segment)

export const findSegment = ({ segments }: TickProgress, segment: number): SegmentProgress | undefined =>
  segments.find(each => each.segment === segment)

const isOpen = (found: SegmentProgress | undefined, tickMs: number): boolean =>
  !found || found.tickMs < tickMs || (found.tickMs === tickMs && !found.pass.isDone)

/** Returns the segments that this tick has not finished. */
export const listOpenSegments = (progress: TickProgress, tickMs: number): readonly number[] =>
  ALL.filter(segment => isOpen(findSegment(progress, segment), tickMs))

/** Returns the newest tick that has begun in some segment. */
export const findNewestTick = ({ segments }: TickProgress): number | undefined =>
  segments.length === 0 ? undefined : Math.max(...segments.map(({ tickMs }) => tickMs))

export interface TickTurn {
  readonly tickMs: number
  readonly nowMs: number
}

/** Another invocation of the same tick works on the segment. An earlier tick has no right to it any more. */
const isHeld = (found: SegmentProgress | undefined, { tickMs, nowMs }: TickTurn): boolean =>
  found !== undefined && found.tickMs === tickMs && found.heldMs > nowMs

/** Returns the open segments that nobody works on. */
export const listFreeSegments = (progress: TickProgress, turn: TickTurn): readonly number[] =>
  listOpenSegments(progress, turn.tickMs).filter(segment => !isHeld(findSegment(progress, segment), turn))

/**
 * Returns the segment, of those allowed, that a tick works on next: the one that ticks left unfinished for the longest time. Of equal ones
 * each tick begins with another.
 */
export function findNextSegment(
  progress: TickProgress,
  turn: TickTurn,
  isAllowed: (segment: number) => boolean,
): number | undefined {
  const shift = Math.floor(turn.tickMs / (TICK_MINUTES * 60_000)) % TICK_SEGMENTS
  const turnOf = (segment: number): number => (segment - shift + TICK_SEGMENTS) % TICK_SEGMENTS
  const served = (segment: number): number => findSegment(progress, segment)?.servedMs ?? 0
  const free = listFreeSegments(progress, turn).filter(isAllowed)
  return free.toSorted((a, b) => served(a) - served(b) || turnOf(a) - turnOf(b))[0]
}

/** A tick that never ended, and how many segments it left unfinished. */
export interface UnfinishedTick {
  readonly tickMs: number
  readonly segmentsLeft: number
}

/** Returns what an earlier invocation of this tick, or else the tick before it, left unfinished. */
export function findUnfinishedTick(progress: TickProgress): UnfinishedTick | undefined {
  const tickMs = findNewestTick(progress)
  if (tickMs === undefined || progress.endedMs === tickMs) return undefined
  return { tickMs, segmentsLeft: listOpenSegments(progress, tickMs).length }
}

interface Claim extends TickTurn {
  readonly segment: number
  readonly writer: string
}

/** Begins the work of a tick on a segment, or goes on where an invocation of the same tick stopped. */
export function claimSegment(
  before: SegmentProgress | undefined,
  { segment, tickMs, nowMs, writer }: Claim,
): SegmentProgress {
  const held = { segment, writer, step: (before?.step ?? 0) + 1, heldMs: nowMs + TICK_LEASE_MS }
  if (before?.tickMs === tickMs) return { ...before, ...held }
  const begun = { pass: beginPass(before?.pass), part: EMPTY_PART, tickMs, startedMs: nowMs }
  return { schema: 1, servedMs: before?.servedMs ?? 0, ...held, ...begun }
}

export interface PageDone {
  readonly pass: Pass
  readonly part: TickPart
  readonly nowMs: number
  /** The invocation works on the next page, too. */
  readonly goesOn: boolean
}

/** The progress after a page. */
export const movePastPage = (
  before: SegmentProgress,
  { pass, part, nowMs, goesOn }: PageDone,
): SegmentProgress => ({
  ...before,
  step: before.step + 1,
  heldMs: goesOn ? nowMs + TICK_LEASE_MS : 0,
  servedMs: pass.isDone ? before.tickMs : before.tickMs - 1,
  pass,
  part,
})
