import { type Random, randomFrom } from '../../infra/local/account/random.ts'
import { FAULT_NAMES, FAULTS, type Fault } from './faults.ts'

/**
 * Decides which faults strike when. Each fault has its own random numbers, so that without one fault the others strike
 * as before.
 */
export interface FaultPlan {
  readonly active: ReadonlySet<Fault>
  /** Whether the fault strikes at this occasion. */
  strikes(fault: Fault): boolean
  /** Returns the random numbers of a fault. */
  random(fault: Fault): Random
  /** Counts a fault that strikes without a call of `strikes`. */
  count(fault: Fault): void
  readonly injected: ReadonlyMap<Fault, number>
}

interface PlanOptions {
  readonly seed: string
  readonly faults: readonly Fault[]
  readonly now: () => number
  /** No fault strikes from then on. */
  readonly quietMs: number
  /** Every seed has all of the faults at all times. Otherwise each seed has some of them, in storms. */
  readonly steady: boolean
  /** Rates that replace the usual ones. */
  readonly rates?: Rates | undefined
}

export type Rates = Readonly<Partial<Record<Fault, number>>>

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

interface Weather {
  readonly random: Random
  readonly rate: number
  on: boolean
  untilMs: number
}

const CALM_HOURS = 5
const STORM_HOURS = 3

/** Whether the fault is active now. Storms and calms follow each other. */
function isOn(weather: Weather, nowMs: number, steady: boolean): boolean {
  while (nowMs >= weather.untilMs) {
    weather.on = !weather.on
    const hours = weather.random.fraction() * (weather.on ? STORM_HOURS : CALM_HOURS)
    weather.untilMs += hours * HOUR_MS
  }
  return weather.on || steady
}

/** Chooses the faults of a seed: all faults that the user named, or else about half of all faults. */
function chosen({ seed, faults, steady }: PlanOptions): readonly Fault[] {
  if (steady) return faults
  const random = randomFrom(seed, 'faults chosen')
  return FAULT_NAMES.filter(() => random.chance(0.5)).filter(name => faults.includes(name))
}

/** The highest rate of a fault. Below it something succeeds now and then. */
const MOST = 0.7

const INTENSITIES = [0.3, 1, 1, 2.5, 6] as const

export function createFaultPlan(options: PlanOptions): FaultPlan {
  const { seed, now, quietMs, steady, rates = {} } = options
  const active = new Set(chosen(options))
  const injected = new Map<Fault, number>()
  const startMs = now()
  const weathers = new Map<Fault, Weather>()
  for (const fault of FAULT_NAMES) {
    const random = randomFrom(seed, 'fault', fault)
    const usual = Math.min(FAULTS[fault] * random.pick(INTENSITIES), MOST)
    const rate = rates[fault] ?? usual
    weathers.set(fault, {
      random,
      rate: active.has(fault) ? rate : 0,
      on: random.chance(0.5),
      untilMs: startMs,
    })
  }
  const weatherOf = (fault: Fault): Weather => weathers.get(fault) as Weather
  const count = (fault: Fault): void => void injected.set(fault, (injected.get(fault) ?? 0) + 1)
  return {
    active,
    injected,
    count,
    random: fault => weatherOf(fault).random,
    strikes(fault) {
      const weather = weatherOf(fault)
      if (weather.rate === 0 || now() >= quietMs) return false
      if (!isOn(weather, now(), steady) || !weather.random.chance(weather.rate)) return false
      count(fault)
      return true
    },
  }
}

/** Returns random times in epoch milliseconds, on average `perDay` of them each day. */
export function randomTimes(random: Random, fromMs: number, toMs: number, perDay: number): number[] {
  const count = Math.floor((perDay * (toMs - fromMs)) / DAY_MS + random.fraction())
  return Array.from({ length: count }, () => fromMs + random.fraction() * (toMs - fromMs))
}
