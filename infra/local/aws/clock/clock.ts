import { createTimers, type Timers } from './timers.ts'

/** What a worker thread needs to read the same time. One shared cell holds the sum of all jumps. */
export interface SharedTime {
  /** Epoch milliseconds at the origin. */
  readonly startMs: number
  /** Monotonic milliseconds of this process at the start. */
  readonly originMs: number
  readonly speed: number
  readonly jumps: SharedArrayBuffer
}

export interface VirtualClock {
  /** Epoch milliseconds of virtual time, whole. */
  now(): number
  /**
   * Sleeps virtual milliseconds. A jump past the end wakes the sleeper. Rejects with the signal's reason when aborted.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Jumps ahead. */
  advance(ms: number): void
  /** Timers of this clock, for code that needs callbacks. */
  readonly timers: Pick<Timers, 'start' | 'stop'>
  /** Resolves when every timer that is due by now has called back. */
  caughtUp(): Promise<void>
  /** Calls the listener after every jump. Returns a function that removes the listener. */
  onJump(listener: () => void): () => void
  readonly speed: number
  readonly shared: SharedTime
}

/** All threads of the process read the same value, unlike performance.now(). */
const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6

/** Returns a function that reads the shared time. It keeps fractions of a millisecond, because timers need them. */
export const readTime = (time: SharedTime): (() => number) => {
  const jumps = new BigInt64Array(time.jumps)
  return () => time.startMs + (monotonicMs() - time.originMs) * time.speed + Number(Atomics.load(jumps, 0))
}

/** Creates a clock of virtual time, which runs `speed` times faster than real time and begins at `startMs`. */
export function createClock({ speed = 1, startMs = Date.now() } = {}): VirtualClock {
  const shared = { startMs, originMs: monotonicMs(), speed, jumps: new SharedArrayBuffer(8) }
  const jumps = new BigInt64Array(shared.jumps)
  const exact = readTime(shared)
  const timers = createTimers({ now: exact, speed })
  const listeners = new Set<() => void>()
  return {
    speed,
    shared,
    timers,
    now: () => Math.floor(exact()),
    caughtUp: timers.caughtUp,
    sleep: (ms, signal) => timers.sleep(ms, signal),
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`A clock goes forward only, not by ${ms} ms.`)
      Atomics.add(jumps, 0, BigInt(Math.round(ms)))
      timers.rearm()
      for (const listener of listeners) listener()
    },
    onJump(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/**
 * Creates a Date whose present is virtual. Parsing and arithmetic stay those of JavaScript, and so does the global
 * Date.
 */
export function createVirtualDate(now: () => number): DateConstructor {
  const RealDate = globalThis.Date
  return new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  })
}
