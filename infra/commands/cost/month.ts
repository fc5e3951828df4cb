import { TICK_MINUTES, TOKEN_CACHE_MS } from '../../../shared/contract/timing.ts'
import { CALL_MS, ENVIRONMENT_HOURS, HOURS_PER_MONTH, INIT_MS, OWN_MS, PUT_MS } from './assumptions.ts'
import type { Functions } from './functions.ts'
import { type Rates, taskUsage } from './rates.ts'
import { sum, times, type Usage, usageOf } from './usage.ts'

/** What is to be collected. */
export interface Scenario {
  readonly sources: number
  /** Of each source. */
  readonly apis: number
  /** Of each API of each source, spread evenly over the day. */
  readonly eventsPerDay: number
}

/** A function's share of a month. */
export interface Load {
  readonly usage: Usage
  /** Billed, the loading of new environments included. */
  readonly milliseconds: number
  /** Of one run, in the mean. */
  readonly runMs: number
  /** In use at the same time. */
  readonly environments: number
}

export interface Month {
  readonly tasks: number
  readonly collect: Load
  readonly dispatch: Load
  /** In which the runs of one tick begin. */
  readonly spreadMs: number
  /** Of all tokens read, the share that an environment did not remember. */
  readonly tokenMisses: number
}

const TICKS_PER_DAY = (24 * 60) / TICK_MINUTES
export const TICKS_PER_MONTH = (HOURS_PER_MONTH * 60) / TICK_MINUTES
const TICK_MS = TICK_MINUTES * 60_000

/** Calls one after another, and what the function itself computes. */
function durationMs(usage: Usage, ownMs: number): number {
  const waited = Object.entries(CALL_MS).map(([meter, ms]) => usage[meter as keyof typeof CALL_MS] * ms)
  return waited.reduce((total, ms) => total + ms, ownMs * usage.invocations)
}

/** Evenly spread events come one by one up to one in a tick, and in every tick above that. */
function dayOfTask({ eventsPerDay }: Scenario, rates: Rates, pageSize: number): Usage {
  const busyTicks = Math.min(TICKS_PER_DAY, eventsPerDay)
  const pages = busyTicks === 0 ? 0 : Math.ceil(eventsPerDay / busyTicks / pageSize)
  return sum(
    times(rates.idleRun, TICKS_PER_DAY - busyTicks),
    times(rates.pageRun, busyTicks),
    times(rates.furtherPage, busyTicks * Math.max(0, pages - 1)),
    usageOf({ objectBytes: eventsPerDay * rates.eventBytes }),
  )
}

/**
 * An environment reads a source's token at its first run of that source, and again when it has kept it for its time. At
 * every tick an environment gets `runs` runs of the same source in the mean.
 */
export function missShare(runs: number, keptMs: number = TOKEN_CACHE_MS): number {
  // At the very tick at which the time is over it has been read a moment too long ago.
  const remembered = Math.max(0, Math.ceil(keptMs / TICK_MS) - 1)
  return 1 / (1 + remembered * runs)
}

const startsMs = (environments: number): number =>
  environments * (HOURS_PER_MONTH / ENVIRONMENT_HOURS) * INIT_MS

function load(usage: Usage, ownMs: number, environments: number): Load {
  const milliseconds = durationMs(usage, ownMs)
  return {
    usage,
    runMs: usage.invocations === 0 ? 0 : milliseconds / usage.invocations,
    milliseconds: milliseconds + startsMs(environments),
    environments,
  }
}

const withPlatformLines = (usage: Usage, { platformLogBytes }: Functions): Usage =>
  sum(usage, usageOf({ logBytes: usage.invocations * platformLogBytes }))

/** A month of all sources. */
export function monthOf(scenario: Scenario, rates: Rates, functions: Functions): Month {
  const tasks = scenario.sources * scenario.apis
  const ticks = times(sum(rates.tick, taskUsage(tasks, rates.taskBytes)), TICKS_PER_MONTH)
  const dispatch = load(withPlatformLines(ticks, functions), OWN_MS.dispatch, 1)

  const day = dayOfTask(scenario, rates, functions.pageSize)
  const withoutTokens = withPlatformLines(times(day, (tasks * HOURS_PER_MONTH) / 24), functions)
  const computedMs = OWN_MS.collect + (OWN_MS.event * scenario.eventsPerDay) / TICKS_PER_DAY
  const runMs = load(withoutTokens, computedMs, 0).runMs
  const spreadMs = OWN_MS.dispatch + (ticks.busCalls / TICKS_PER_MONTH) * PUT_MS
  const environments = Math.min(tasks, Math.ceil((tasks * runMs) / spreadMs))
  const tokenMisses = missShare(environments === 0 ? 0 : scenario.apis / environments)
  const usage = sum(withoutTokens, usageOf({ secretCalls: withoutTokens.invocations * tokenMisses }))
  return { tasks, dispatch, spreadMs, collect: load(usage, computedMs, environments), tokenMisses }
}
