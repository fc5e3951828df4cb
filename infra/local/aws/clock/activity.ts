import type { VirtualClock } from './clock.ts'

/** Counts what is under way, so that others can wait until nothing is. */
export interface Activity {
  /**
   * Marks the beginning of some work. The caller calls the returned function when the work has ended and everything
   * that it causes has begun.
   */
  begin(): () => void
  /** Resolves when nothing is under way. */
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

/** Keeps the activity busy until this turn of the event loop is over. */
export const holdThisTurn = (activity: Activity): void => void setImmediate(activity.begin())

/** Keeps the activity busy until all timers that are due have called back, and what they cause has begun. */
export function holdWhileDue(activity: Activity, clock: VirtualClock): void {
  const end = activity.begin()
  void clock.caughtUp().then(() => setImmediate(end))
}

/**
 * After each jump of time, keeps the activity busy until what became due has begun. Returns a function that ends this.
 */
export const holdOverJumps = (activity: Activity, clock: VirtualClock): (() => void) =>
  clock.onJump(() => holdWhileDue(activity, clock))
