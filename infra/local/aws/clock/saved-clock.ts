import { join } from 'node:path'
import { readJson, writeJson } from '../data-directory/json-file.ts'
import { stretchTimeoutMs } from '../lambda/sandbox.ts'
import { createClock, type VirtualClock } from './clock.ts'

const SAVE_EVERY_REAL_MS = 1000

/**
 * How long an invocation holds something that it has taken, for example an item of a table. If the invocation dies
 * with the emulator, nobody else can take the item before this time is over.
 */
export interface Lease {
  /** Time-out of the function that takes it. */
  readonly timeoutMs: number
  /** How long it holds the item beyond its time-out. */
  readonly marginMs: number
}

interface Saved {
  readonly virtualMs: number
  readonly speed?: number
  /**
   * Whether invocations may have left leases. This is so until the emulator has closed, and also afterwards if it
   * abandoned invocations.
   */
  readonly unfinished?: boolean
}

const clockFile = (dataDir: string): string => join(dataDir, 'clock.json')

/**
 * Creates a clock that never shows a time before the last one of this data directory. Fast virtual time may be ahead of
 * real time.
 */
export function resumeClock(dataDir: string, speed: number): VirtualClock {
  const savedMs = readJson<Saved>(clockFile(dataDir))?.virtualMs ?? 0
  return createClock({ speed, startMs: Math.max(Date.now(), savedMs) })
}

export interface KeptClock {
  /** Virtual milliseconds that the clock jumped at the start. */
  readonly passedMs: number
  /** Saves the time now. Does not throw: the next save tries again. */
  save(): void
  /** Notes that invocations were abandoned. The next emulator then jumps past their leases. */
  abandonRuns(): void
  close(): void
}

/** If an emulator was killed, its saved time is at most this much older than its last time. */
const unsavedMs = (speed: number): number => SAVE_EVERY_REAL_MS * speed

const computeLeaseMs = ({ timeoutMs, marginMs }: Lease, speed: number): number =>
  stretchTimeoutMs(timeoutMs, speed) + marginMs + 1000

/** Jumps past the leases of invocations that ended with an earlier process. Returns how far it jumped. */
function passLeases({ virtualMs, speed = 1, unfinished }: Saved, clock: VirtualClock, lease: Lease): number {
  if (!unfinished) return 0
  const passedMs = Math.max(0, virtualMs + unsavedMs(speed) + computeLeaseMs(lease, speed) - clock.now())
  clock.advance(passedMs)
  return passedMs
}

/**
 * Saves the time every second and when closed, for the next emulator on the data directory. The caller holds the lock.
 */
export function keepClock(dataDir: string, clock: VirtualClock, lease?: Lease): KeptClock {
  const file = clockFile(dataDir)
  const saved = readJson<Saved>(file)
  const passedMs = saved && lease ? passLeases(saved, clock, lease) : 0
  const write = (unfinished: boolean): void =>
    writeJson(file, { virtualMs: clock.now(), speed: clock.speed, unfinished } satisfies Saved)
  const save = (): void => {
    try {
      write(true)
    } catch {}
  }
  let abandoned = false
  write(true)
  const timer = setInterval(save, SAVE_EVERY_REAL_MS).unref()
  return {
    passedMs,
    save,
    abandonRuns() {
      abandoned = true
    },
    close() {
      clearInterval(timer)
      write(abandoned)
    },
  }
}
