import { syncBuiltinESMExports } from 'node:module'
import timersModule from 'node:timers'
import timersPromises from 'node:timers/promises'
import { promisify } from 'node:util'
import { createVirtualDate, readTime, type SharedTime } from '../clock/clock.ts'
import { createTimers, type Pace, type Timers } from '../clock/timers.ts'

type Callback = (...args: unknown[]) => void

/**
 * Every timer with a callback has at least this much real time, unless it is shorter. Most such timers are time-outs
 * of real sockets.
 */
const LEAST_REAL_MS = 1000

/**
 * Returns the clock's pace, or a slower one that leaves the timer min(ms, LEAST_REAL_MS) of real time. Jumps count in
 * full.
 */
function choosePace(time: SharedTime, ms: number): Pace {
  const speed = Math.min(time.speed, ms > LEAST_REAL_MS ? ms / LEAST_REAL_MS : 1)
  return { now: readTime({ ...time, speed }), speed }
}

/** Creates the virtual Date. It becomes the `constructor` of every Date object. */
function installDate(now: () => number): DateConstructor {
  const date = createVirtualDate(now)
  date.prototype.constructor = date
  return date
}

const createSetTimeout =
  (timers: Timers, time: SharedTime) =>
  (callback: Callback, ms = 1, ...args: unknown[]) =>
    timers.start(() => callback(...args), ms, { pace: choosePace(time, ms) })

const createSetInterval =
  (timers: Timers) =>
  (callback: Callback, ms = 1, ...args: unknown[]) =>
    timers.start(() => callback(...args), ms, { repeat: true })

interface WaitOptions {
  readonly signal?: AbortSignal
}

const createWait =
  (timers: Timers) =>
  async (ms = 1, value?: unknown, { signal }: WaitOptions = {}): Promise<unknown> => {
    await timers.sleep(ms, signal)
    return value
  }

const createTimeoutSignal =
  (timers: Timers, time: SharedTime) =>
  (ms: number): AbortSignal => {
    const controller = new AbortController()
    const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
    timers.start(() => controller.abort(reason), ms, { pace: choosePace(time, ms) }).unref()
    return controller.signal
  }

/**
 * Puts this thread on virtual time: Date, setTimeout, setInterval, their promise forms and AbortSignal.timeout. Returns
 * a function that must be called after each jump. Sockets and the HTTP client stay on real time. So their time-outs
 * (setTimeout, AbortSignal.timeout) leave them some real time, while plain waits (the promise forms) do not.
 */
export function installVirtualTime(time: SharedTime): () => void {
  const exact = readTime(time)
  const timers = createTimers({ now: exact, speed: time.speed })
  const wait = createWait(timers)
  const setTimeout = Object.assign(createSetTimeout(timers, time), { [promisify.custom]: wait })
  const replaced = {
    setTimeout,
    setInterval: createSetInterval(timers),
    clearTimeout: timers.stop,
    clearInterval: timers.stop,
  }
  Object.assign(globalThis, replaced, { Date: installDate(() => Math.floor(exact())) })
  Object.assign(timersModule, replaced)
  Object.assign(timersPromises, { setTimeout: wait })
  Object.assign(timersPromises.scheduler, {
    wait: (ms: number, options?: WaitOptions) => wait(ms, undefined, options),
  })
  Object.assign(AbortSignal, { timeout: createTimeoutSignal(timers, time) })
  syncBuiltinESMExports()
  return timers.rearm
}
