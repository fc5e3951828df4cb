import type { Timeline } from './timeline.ts'
import type { Trace } from './trace.ts'

/** The first invariant that was broken. */
export interface Verdict {
  /** Notes a breach and ends the simulation. */
  broken(invariant: string, detail: string): void
  readonly first: () => Breach | undefined
}

export interface Breach {
  readonly invariant: string
  readonly detail: string
  readonly at: string
  readonly trace: readonly string[]
}

const SHOWN = 60

export function createVerdict(timeline: Timeline, trace: Trace): Verdict {
  let first: Breach | undefined
  return {
    broken(invariant, detail) {
      trace.note('BROKEN', `${invariant}: ${detail}`)
      first ??= { invariant, detail, at: new Date(timeline.now()).toISOString(), trace: trace.last(SHOWN) }
      timeline.stop()
    },
    first: () => first,
  }
}
