import type { VirtualClock } from './clock.ts'

/** Counts what is under way, so that others can wait for quiet. */
export interface Activity {
  /** Something begins; the answer is called when it has ended. What it causes begins before it ends. */
  begin(): () => void
  /** Resolves when nothing is under way, at once if that is so now. */
  idle(): Promise<void>
}

export function createActivity(): Activity {
  const waiting = new Set<() => void>()
  let underWay = 0
  const end = (): void => {
    underWay--
    if (underWay > 0) return
    for (const resolve of waiting) resolve()
    waiting.clear()
  }
  return {
    begin() {
      underWay++
      let ended = false
      return () => {
        if (ended) return
        ended = true
        end()
      }
    },
    idle: () =>
      new Promise(resolve => {
        if (underWay === 0) resolve()
        else waiting.add(resolve)
      }),
  }
}

/** Something is under way until all that waits for this turn of the event loop has gone on. */
export const holdThisTurn = (activity: Activity): void => void setImmediate(activity.begin())

/** Something is under way until all timers of the clock that are due have called back and what they cause has begun. */
export function holdWhileDue(activity: Activity, clock: VirtualClock): void {
  const end = activity.begin()
  void clock.caughtUp().then(() => setImmediate(end))
}

/** So a jump of time leaves nobody to see quiet before what it made due has begun. Answers how to stop. */
export const holdOverJumps = (activity: Activity, clock: VirtualClock): (() => void) =>
  clock.onJump(() => holdWhileDue(activity, clock))
