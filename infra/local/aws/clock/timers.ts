/** Node's timers refuse longer delays. */
const LONGEST_DELAY_MS = 2 ** 31 - 1

interface Timer {
  ref(): Timer
  unref(): Timer
  hasRef(): boolean
  refresh(): Timer
  close(): Timer
  [Symbol.toPrimitive](): number
  [Symbol.dispose](): void
}

export interface Timers {
  /**
   * Calls back after virtual milliseconds, repeatedly if `repeat` is set. A timer can have its own pace instead of the
   * clock's.
   */
  start(
    callback: () => void,
    ms: number,
    options?: { readonly repeat?: boolean; readonly pace?: Pace },
  ): Timer
  /** Stops a timer, given as itself or as its number. Ignores anything else, as clearTimeout does. */
  stop(timer: unknown): void
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** To be called after a jump: fires the timers that are due, in their order, and waits anew for the others. */
  rearm(): void
  /** Resolves when every timer that is due by now has called back. */
  caughtUp(): Promise<void>
}

/** How to read virtual time, and how many times faster than real time it runs between jumps. */
export interface Pace {
  readonly now: () => number
  readonly speed: number
}

interface Entry {
  readonly pace: Pace
  dueMs: number
  readonly everyMs: number | undefined
  readonly callback: () => void
  real: NodeJS.Timeout | undefined
  keepsProcessAlive: boolean
}

/**
 * A clock shows whole milliseconds, and no timer is shorter than one. So a timer that fires within one millisecond
 * counts as due.
 */
const isDue = ({ pace, dueMs }: Entry): boolean => dueMs - pace.now() <= 1

async function awaitDueCallbacks(
  entries: ReadonlyMap<number, Entry>,
  turn: () => Promise<void>,
): Promise<void> {
  const waiting = [...entries]
    .filter(([, entry]) => isDue(entry))
    .map(([id, { dueMs }]) => [id, dueMs] as const)
  const isWaiting = (): boolean => waiting.some(([id, dueMs]) => entries.get(id)?.dueMs === dueMs)
  while (isWaiting()) await turn()
}

/** As in Node, anything that is not a number counts as 1. */
const toTimerLength = (ms: number): number => Math.max(Number.isNaN(Number(ms)) ? 1 : Number(ms), 1)

/** Arms entries with the real timers, and fires each when it is due. */
function createArming(entries: Map<number, Entry>) {
  const { setTimeout, clearTimeout } = globalThis

  const arm = (id: number, entry: Entry): void => {
    clearTimeout(entry.real)
    const { now, speed } = entry.pace
    const realMs = Math.min(Math.max((entry.dueMs - now()) / speed, 0), LONGEST_DELAY_MS)
    entry.real = setTimeout(() => fire(id, entry), Math.ceil(realMs))
    if (!entry.keepsProcessAlive) entry.real.unref()
  }

  const fire = (id: number, entry: Entry): void => {
    const isDueNow = entry.pace.now() >= entry.dueMs
    if (isDueNow && entry.everyMs === undefined) entries.delete(id)
    else {
      if (isDueNow) entry.dueMs = entry.pace.now() + (entry.everyMs ?? 0)
      arm(id, entry)
    }
    if (isDueNow) entry.callback()
  }

  return {
    arm,
    disarm: (entry: Entry | undefined): void => clearTimeout(entry?.real),
    nextTurn: (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0)),
  }
}

/**
 * Creates timers of virtual time on top of the real timers. It keeps references to the real timers, because a thread
 * may replace the global ones later.
 */
export function createTimers(clock: Pace): Timers {
  const entries = new Map<number, Entry>()
  const ids = new WeakMap<object, number>()
  const { arm, disarm, nextTurn } = createArming(entries)
  let lastId = 0

  const stop = (timer: unknown): void => {
    const id = typeof timer === 'object' && timer !== null ? ids.get(timer) : Number(timer)
    if (id === undefined) return
    disarm(entries.get(id))
    entries.delete(id)
  }

  const start: Timers['start'] = (callback, ms, { repeat = false, pace = clock } = {}) => {
    const id = ++lastId
    const lengthMs = toTimerLength(ms)
    const entry: Entry = {
      pace,
      dueMs: 0,
      everyMs: repeat ? lengthMs : undefined,
      callback,
      real: undefined,
      keepsProcessAlive: true,
    }
    // Also sets the first `dueMs`.
    const refresh = (): void => {
      entry.dueMs = pace.now() + lengthMs
      entries.set(id, entry)
      arm(id, entry)
    }
    refresh()
    const timer = createTimer(id, entry, { refresh, stop: () => stop(id) })
    ids.set(timer, id)
    return timer
  }

  return {
    start,
    stop,
    sleep: (ms, signal) => sleep({ start, stop }, ms, signal),
    rearm: () => {
      const inOrder = [...entries].toSorted(([, left], [, right]) => left.dueMs - right.dueMs)
      for (const [id, entry] of inOrder) arm(id, entry)
    },
    caughtUp: () => awaitDueCallbacks(entries, nextTurn),
  }
}

/** The object that setTimeout returns in Node. */
function createTimer(id: number, entry: Entry, act: { refresh: () => void; stop: () => void }): Timer {
  const hold = (held: boolean): Timer => {
    entry.keepsProcessAlive = held
    if (held) entry.real?.ref()
    else entry.real?.unref()
    return timer
  }
  const chained = (action: () => void) => (): Timer => {
    action()
    return timer
  }
  const timer: Timer = {
    ref: () => hold(true),
    unref: () => hold(false),
    hasRef: () => entry.keepsProcessAlive,
    refresh: chained(act.refresh),
    close: chained(act.stop),
    [Symbol.toPrimitive]: () => id,
    [Symbol.dispose]: act.stop,
  }
  return timer
}

async function sleep(
  timers: Pick<Timers, 'start' | 'stop'>,
  ms: number,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const timer = timers.start(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, ms)
    const abort = (): void => {
      timers.stop(timer)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
  })
}
