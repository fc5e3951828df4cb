import { setTimeout as delay } from 'node:timers/promises'
import type { LocalSystem } from './local-system.ts'

const MINUTE_MS = 60_000
const TICK_MS = 5 * MINUTE_MS

/** How much virtual time passes at once. */
const STEP_MS = 15_000

/** If nothing happens for this much real time, the work under way is waiting for virtual time to pass. */
const STUCK_MS = 60

/** How often it is looked whether something has happened. */
const LOOK_MS = 10

/** On a busy machine a thread that is ready to work may wait as long as this many looks that come late. */
const LATENESS_FACTOR = 3

type Passing = Pick<LocalSystem, 'clock' | 'stage' | 'progress' | 'openCalls'>

/**
 * Resolves when the work under way waits for virtual time. It is not enough that nothing happens for a while: if time
 * passed while a call to AWS is under way, that call would time out. So no call may be open, and the later the looks of
 * this thread come, the longer must nothing happen, because the threads of the functions then wait for the same cores.
 */
async function stuck({ progress, openCalls }: Passing): Promise<void> {
  let latestMs = 0
  let quietSince = performance.now()
  for (let before = -1; performance.now() - quietSince < STUCK_MS + latestMs * LATENESS_FACTOR; ) {
    if (before !== progress() || openCalls() > 0) quietSince = performance.now()
    before = progress()
    const lookedAt = performance.now()
    await delay(LOOK_MS, undefined, { ref: false })
    latestMs = Math.max(latestMs, performance.now() - lookedAt - 2 * LOOK_MS)
  }
}

/**
 * Lets virtual time pass in small steps. A step begins when all work that the step before caused has ended. While
 * `mayHang` returns true, it also begins when that work waits for virtual time, such as for an answer that never comes.
 * The rules of the system fire when their time has come. Minutes count from now.
 */
export function timeline(system: Passing, mayHang: () => boolean = () => false) {
  const startMs = system.clock.now()
  let ticks = 0
  async function step(untilMs: number): Promise<void> {
    const nextMs = Math.min(untilMs, startMs + ticks * TICK_MS, system.clock.now() + STEP_MS)
    system.clock.advance(Math.max(0, nextMs - system.clock.now()))
    if (system.clock.now() >= startMs + ticks * TICK_MS) {
      ticks++
      system.stage.tick()
    }
    const idle = system.stage.idle()
    await (mayHang() ? Promise.race([idle, stuck(system)]) : idle)
  }

  return {
    async passTo(minutes: number): Promise<void> {
      const untilMs = startMs + minutes * MINUTE_MS
      while (system.clock.now() < untilMs) await step(untilMs)
    },
  }
}
