import { join } from 'node:path'
import { createClock, type VirtualClock } from './clock.ts'
import { readJson, writeJson } from './json-file.ts'

interface Saved {
  readonly virtualMs: number
}

const fileOf = (dataDir: string): string => join(dataDir, 'clock.json')

/** A clock that never falls behind what this data directory has seen: fast virtual time may be ahead of the real. */
export function resumeClock(dataDir: string, speed: number): VirtualClock {
  const savedMs = readJson<Saved>(fileOf(dataDir))?.virtualMs ?? 0
  return createClock({ speed, startMs: Math.max(Date.now(), savedMs) })
}

export const saveClock = (dataDir: string, clock: VirtualClock): void =>
  writeJson(fileOf(dataDir), { virtualMs: clock.now() })
