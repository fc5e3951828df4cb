import { beforeEach, describe, expect, it } from 'vitest'
import { claimSegment, movePastPage, type SegmentProgress } from '../../shared/domain/tick/segment.ts'
import { EMPTY_PART } from '../../shared/domain/tick/tick-part.ts'
import type { Ticks } from '../../shared/ports.ts'

const T = 1_800_000_000_000

const claim = (segment: number, writer = 'w', tickMs = T): SegmentProgress =>
  claimSegment(undefined, { segment, tickMs, nowMs: tickMs + 1, writer })

/** What every store of the progress of ticks must do. `open` returns an empty one. */
export function ticksContract(kind: string, open: () => Promise<Ticks>): void {
  describe(`the progress of ticks ${kind}`, () => {
    let ticks: Ticks
    beforeEach(async () => {
      ticks = await open()
    })

    it('is empty before the first tick', async () => {
      expect(await ticks.progress()).toEqual({ segments: [] })
    })

    it('has what was saved of each segment', async () => {
      const first = claim(0)
      const census = { ...EMPTY_PART.census, lags: [[12, 3] as const, [4000, 1] as const] }
      const pass = { after: { sourceId: 7, api: 'sign-in' }, isDone: false } as const
      const moved = movePastPage(first, { pass, part: { ...EMPTY_PART, census }, nowMs: T + 5, goesOn: true })
      expect(await ticks.save(first)).toBe(true)
      expect(await ticks.save(moved)).toBe(true)
      expect(await ticks.save(claim(15))).toBe(true)
      const { segments } = await ticks.progress()
      expect(segments.toSorted((a, b) => a.segment - b.segment)).toEqual([moved, claim(15)])
    })

    it('is saved by the one who replaces the step before, and by nobody else', async () => {
      expect(await ticks.save(claim(3, 'a'))).toBe(true)
      expect(await ticks.save(claim(3, 'b'))).toBe(false)
      const later = (writer: string, step: number): SegmentProgress => ({ ...claim(3, writer), step })
      expect(await ticks.save(later('b', 3))).toBe(false)
      expect(await ticks.save(later('b', 2))).toBe(true)
      expect(await ticks.save(later('a', 2))).toBe(false)
      expect((await ticks.progress()).segments).toEqual([later('b', 2)])
    })

    it('is saved once if the same call comes twice, and both say so', async () => {
      expect(await ticks.save(claim(4))).toBe(true)
      expect(await ticks.save(claim(4))).toBe(true)
    })

    it('lets one invocation end a tick, and none end an older one', async () => {
      expect(await ticks.end(T, 'a')).toBe(true)
      expect(await ticks.end(T, 'a')).toBe(true)
      expect(await ticks.end(T, 'b')).toBe(false)
      expect(await ticks.end(T + 1, 'b')).toBe(true)
      expect(await ticks.end(T, 'a')).toBe(false)
      expect(await ticks.progress()).toEqual({ segments: [], endedMs: T + 1 })
    })
  })
}
