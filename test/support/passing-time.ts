import { setTimeout as delay } from 'node:timers/promises'
import type { LocalSystem } from './local-system.ts'

const MINUTE_MS = 60_000
const TICK_MS = 5 * MINUTE_MS

/** So much virtual time passes at once. */
const STEP_MS = 15_000

/** Real time without progress after which what is under way is taken to wait for virtual time, as for an answer that never comes. */
const STUCK_MS = 60

type Passing = Pick<LocalSystem, 'clock' | 'stage' | 'progress'>

async function stuck({ progress }: Passing): Promise<void> {
  for (let before = -1; before !== progress(); ) {
    before = progress()
    await delay(STUCK_MS, undefined, { ref: false })
  }
}

/**
 * Lets virtual time pass in small steps, each of which begins when all that the one before caused has ended or waits for
 * time, which it may only while `mayHang`. The system's rules fire when their time has come. Minutes count from now.
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
