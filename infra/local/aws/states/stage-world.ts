import { type Activity, holdWhileDue } from '../clock/activity.ts'
import type { VirtualClock } from '../clock/clock.ts'
import { stretchTimeoutMs } from '../lambda/sandbox.ts'
import type { EngineWorld } from './engine.ts'

export interface TaskWorld extends EngineWorld {
  /** To be called when a Task begins: the engine sets the timer of its time-out before it does anything else. */
  taskBegins(): void
}

/**
 * The stage's clock as the engine's. A wait that is over at once is none: it is under way. However fast time runs, a
 * Task has as much of the real one as its function has.
 */
export function createTaskWorld(clock: VirtualClock, activity: Activity): TaskWorld {
  let forTask = false
  return {
    now: clock.now,
    random: Math.random,
    clearTimeout: clock.timers.stop,
    setTimeout(callback, ms) {
      const timer = clock.timers.start(callback, forTask ? stretchTimeoutMs(ms, clock.speed) : ms)
      if (ms <= 0) holdWhileDue(activity, clock)
      return timer
    },
    taskBegins() {
      forTask = true
      queueMicrotask(() => {
        forTask = false
      })
    },
  }
}
