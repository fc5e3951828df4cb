import { isDeepStrictEqual } from 'node:util'
import type { SegmentProgress } from '../../../shared/domain/tick/segment.ts'
import type { Ticks } from '../../../shared/ports.ts'
import { plainCopy } from '../plain-copy.ts'

export interface FakeTicks extends Ticks {
  readonly segments: Map<number, SegmentProgress>
  ended: { readonly tickMs: number; readonly writer: string } | undefined
}

/** The progress of ticks in memory. */
export function fakeTicks(): FakeTicks {
  const segments = new Map<number, SegmentProgress>()
  const ticks: FakeTicks = {
    segments,
    ended: undefined,
    async progress() {
      const { ended } = ticks
      return { segments: [...segments.values()], ...(ended && { endedMs: ended.tickMs }) }
    },
    async save(progress) {
      const before = segments.get(progress.segment)
      if ((before?.step ?? 0) !== progress.step - 1) return isDeepStrictEqual(before, progress)
      segments.set(progress.segment, plainCopy(progress))
      return true
    },
    async end(tickMs, writer) {
      const { ended } = ticks
      if (ended && ended.tickMs >= tickMs) return ended.tickMs === tickMs && ended.writer === writer
      ticks.ended = { tickMs, writer }
      return true
    },
  }
  return ticks
}
