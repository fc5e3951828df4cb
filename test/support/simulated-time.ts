import type { EngineWorld } from 'aws-emulator'

interface Timer {
  readonly dueMs: number
  readonly callback: () => void
}

/** All that waits for nothing but promises goes on. */
export const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** Time that stands still until it is told, and then goes from timer to timer: as much of it as one likes at once. */
export function simulatedTime(startMs: number) {
  const timers = new Map<number, Timer>()
  let nowMs = startMs
  let lastId = 0
  const world: EngineWorld = {
    setTimeout(callback, ms) {
      timers.set(++lastId, { dueMs: nowMs + Math.max(ms, 0), callback })
      return lastId
    },
    clearTimeout: timer => void timers.delete(timer as number),
    now: () => nowMs,
    random: () => 0,
  }
  const next = (): [number, Timer] | undefined =>
    [...timers].toSorted(([, left], [, right]) => left.dueMs - right.dueMs)[0]
  return {
    world,
    /** Fires what is due until then, each at its time. */
    async advanceTo(ms: number): Promise<void> {
      await settled()
      for (let timer = next(); timer && timer[1].dueMs <= ms; timer = next()) {
        const [id, { dueMs, callback }] = timer
        timers.delete(id)
        nowMs = dueMs
        callback()
        await settled()
      }
      nowMs = ms
    },
  }
}
