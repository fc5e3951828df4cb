import { describe, expect, it } from 'vitest'
import { computePace, paceOfTable } from '../../../../shared/domain/tick/pace.ts'
import { claimSegment, movePastPage, type SegmentProgress } from '../../../../shared/domain/tick/segment.ts'
import { EMPTY_PART } from '../../../../shared/domain/tick/tick-part.ts'

const TICK_MS = 300_000

describe('the pace of a tick', () => {
  it.each([
    ['25 a second, for few tasks', 999, 25],
    ['25 a second, for as many as that is in forty seconds', 1_000, 25],
    ['all in forty seconds, for more', 1_040, 26],
    ['2,500 a second, for as many as that is in forty seconds', 100_000, 2_500],
    ['2,500 a second, for more', 100_001, 2_500],
  ])('is %s', (_name, tasks, perSecond) => {
    expect(computePace(tasks)).toBe(perSecond)
  })
})

/** A segment in which a tick has counted so many tasks. */
function segmentOf(segment: number, tickMs: number, tasks: number): SegmentProgress {
  const claimed = claimSegment(undefined, { segment, tickMs, nowMs: tickMs, writer: 'w' })
  const part = { ...EMPTY_PART, counts: { ...EMPTY_PART.counts, tasks } }
  return movePastPage(claimed, { pass: { isDone: true }, part, nowMs: tickMs, goesOn: false })
}

describe('the pace of a table of several pages', () => {
  it('follows from what the tick before has counted', () => {
    const segments = [segmentOf(0, TICK_MS, 6_000), segmentOf(1, TICK_MS, 14_000)]
    expect(paceOfTable({ segments }, 2 * TICK_MS)).toBe(500)
  })

  it('is the fastest one if no tick has counted anything', () => {
    expect(paceOfTable({ segments: [] }, TICK_MS)).toBe(2_500)
    expect(paceOfTable({ segments: [segmentOf(0, TICK_MS, 0)] }, 2 * TICK_MS)).toBe(2_500)
  })

  it('is the fastest one if another invocation has begun the same tick', () => {
    const segments = [segmentOf(0, 2 * TICK_MS, 1_000), segmentOf(1, TICK_MS, 1_000)]
    expect(paceOfTable({ segments }, 2 * TICK_MS)).toBe(2_500)
  })
})
