import type { Clock } from '../../../shared/ports.ts'

export interface FakeClock extends Clock {
  advance(ms: number): void
  /** Every sleep, in milliseconds. */
  readonly slept: number[]
}

/** A clock whose time passes only by `advance` and by sleeps. A sleep ends at once, and moves the clock. */
export function fakeClock(startMs = Date.parse('2026-03-01T12:00:00Z')): FakeClock {
  let nowMs = startMs
  const slept: number[] = []
  return {
    slept,
    now: () => nowMs,
    advance: ms => {
      nowMs += ms
    },
    giveWay: async () => {},
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      slept.push(ms)
      nowMs += ms
    },
  }
}
