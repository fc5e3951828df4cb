import type { EngineWorld } from 'aws-emulator'

export interface Timer {
  readonly ms: number
  readonly order: number
  work: (() => void) | undefined
}

/** Virtual time. The work that was put on it is done one after the other, in the order of its times. */
export interface Timeline {
  /** Epoch milliseconds. */
  now(): number
  at(ms: number, work: () => void): Timer
  after(ms: number, work: () => void): Timer
  cancel(timer: Timer): void
  /** Lets the time pass. Rejects with the error that a work throws. */
  run(untilMs: number): Promise<void>
  /** Ends `run` after the work that is being done. */
  stop(): void
}

const isBefore = (a: Timer, b: Timer): boolean => a.ms < b.ms || (a.ms === b.ms && a.order < b.order)

/** A binary heap: the first timer is at 0. */
function push(heap: Timer[], timer: Timer): void {
  let at = heap.length
  while (at > 0) {
    const parentAt = (at - 1) >> 1
    const parent = heap[parentAt]
    if (!parent || isBefore(parent, timer)) break
    heap[at] = parent
    at = parentAt
  }
  heap[at] = timer
}

function sink(heap: Timer[], timer: Timer): void {
  let at = 0
  for (;;) {
    const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]]
    const child = left && right && isBefore(right, left) ? right : left
    if (!child || isBefore(timer, child)) break
    heap[at] = child
    at = child === left ? 2 * at + 1 : 2 * at + 2
  }
  heap[at] = timer
}

function popDue(heap: Timer[], untilMs: number): Timer | undefined {
  const first = heap[0]
  if (!first || first.ms > untilMs) return undefined
  const last = heap.pop()
  if (last && last !== first) sink(heap, last)
  return first
}

/**
 * Before the next work begins, all promise callbacks of the work before have run. Node.js runs the callbacks of
 * nextTick only when no promise callback is left.
 */
export function createTimeline(startMs: number): Timeline {
  const heap: Timer[] = []
  let nowMs = startMs
  let count = 0
  let stopped = false
  const at = (ms: number, work: () => void): Timer => {
    const timer = { ms: Math.max(ms, nowMs), order: count++, work }
    push(heap, timer)
    return timer
  }

  function run(untilMs: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const next = (): void => process.nextTick(turn)
    function turn(): void {
      const timer = stopped ? undefined : popDue(heap, untilMs)
      if (timer) {
        nowMs = timer.ms
        try {
          timer.work?.()
          queueMicrotask(next)
        } catch (error) {
          reject(error)
        }
      } else {
        if (!stopped) nowMs = Math.max(nowMs, untilMs)
        resolve()
      }
    }
    queueMicrotask(next)
    return promise
  }

  return {
    now: () => nowMs,
    at,
    after: (ms, work) => at(nowMs + ms, work),
    cancel(timer) {
      timer.work = undefined
    },
    run,
    stop: () => {
      stopped = true
    },
  }
}

/** Returns the virtual time and the random numbers in the form that the state machine engine needs. */
export const toEngineWorld = (timeline: Timeline, random: () => number): EngineWorld => ({
  setTimeout: (callback, ms) => timeline.after(Math.max(0, ms), callback),
  clearTimeout: timer => {
    if (timer !== undefined) timeline.cancel(timer as Timer)
  },
  now: timeline.now,
  random,
})
