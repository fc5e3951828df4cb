import { type Activity, holdWhileDue } from '../clock/activity.ts'
import type { VirtualClock } from '../clock/clock.ts'
import { stretchTimeoutMs } from '../lambda/sandbox.ts'
import type { EngineWorld } from './engine.ts'

interface TaskWorld extends EngineWorld {
  /** To be called when a Task begins. The next timer that the engine sets is then the Task's time-out. */
  taskBegins(): void
}

/**
 * Lets the engine use the emulator's clock. A wait that is over at once keeps the activity busy. A Task has as much real
 * time as its function has, however fast virtual time runs.
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
