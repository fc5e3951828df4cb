import { createTimers, type Timers } from './timers.ts'

/** What a worker thread needs to read the same time: plain numbers and one shared cell that grows with every jump. */
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
  /** Sleeps virtual milliseconds; a jump over the end wakes it. Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Jumps ahead. */
  advance(ms: number): void
  /** Its own timers, for what asks for callbacks. */
  readonly timers: Pick<Timers, 'start' | 'stop'>
  /** Resolves when all that is due by now has woken. */
  caughtUp(): Promise<void>
  /** Called after every jump; answers how to stop listening. */
  onJump(listener: () => void): () => void
  readonly speed: number
  readonly shared: SharedTime
}

/** The same in every thread of the process, unlike performance.now(). */
const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6

/** Reads shared time; fractions of a millisecond are kept, for timers. */
export const readTime = (time: SharedTime): (() => number) => {
  const jumps = new BigInt64Array(time.jumps)
  return () => time.startMs + (monotonicMs() - time.originMs) * time.speed + Number(Atomics.load(jumps, 0))
}

/** Virtual time that runs `speed` times faster than real time from `startMs` (default: the real present). */
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

/** Date as virtual time has it; the engine's own stays as it is. Parsing and arithmetic are the engine's. */
export function createVirtualDate(now: () => number): DateConstructor {
  const RealDate = globalThis.Date
  return new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  })
}
