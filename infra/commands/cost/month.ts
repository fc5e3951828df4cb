import { TICK_MINUTES, TOKEN_CACHE_MS } from '../../../shared/contract/timing.ts'
import { computePace } from '../../../shared/domain/tick/pace.ts'
import {
  CALL_MS,
  CPU_MS,
  ENVIRONMENT_HOURS,
  HOURS_PER_MONTH,
  INIT_MS,
  ITEM_OVERHEAD_BYTES,
  MB_OF_A_CORE,
  SOURCE_BYTES,
} from './assumptions.ts'
import { BUS_BATCH, type Rates, taskUsage } from './rates.ts'
import type { TemplateFacts } from './template-facts.ts'
import { createUsage, sum, times, type Usage } from './usage.ts'

/** How much there is to collect. */
export interface Scenario {
  readonly sources: number
  /** APIs of each source. */
  readonly apis: number
  /** Events of each API of each source. They are spread evenly over the day. */
  readonly eventsPerDay: number
}

export const NO_SOURCE: Scenario = { sources: 0, apis: 0, eventsPerDay: 0 }

/** What one function does in a month. */
export interface Load {
  readonly usage: Usage
  /** Billed time, with the loading of new environments. */
  readonly milliseconds: number
  /** Average duration of a run. */
  readonly runMs: number
  /** Environments in use at the same time. */
  readonly environments: number
}

/** A month of all sources. */
export interface Month {
  readonly sources: number
  readonly tasks: number
  readonly collect: Load
  readonly dispatch: Load
  /** Billed time of both functions times their memory. */
  readonly gbSeconds: number
  /** Size of the tables. */
  readonly tableBytes: number
  /** The runs of one tick begin within this time. */
  readonly spreadMs: number
  /** Share of the runs that read the token, because their environment does not remember it. */
  readonly tokenMisses: number
}

type MonthFacts = Pick<TemplateFacts, 'pageSize' | 'memoryMb' | 'platformLogBytes'>

const TICKS_PER_DAY = (24 * 60) / TICK_MINUTES
export const TICKS_PER_MONTH = (HOURS_PER_MONTH * 60) / TICK_MINUTES
const TICK_MS = TICK_MINUTES * 60_000

/** The calls take place one after another. The function itself computes for `ownMs` in each invocation. */
function durationMs(usage: Usage, ownMs: number): number {
  const waits = Object.entries(CALL_MS).map(([meter, ms]) => usage[meter as keyof typeof CALL_MS] * ms)
  return waits.reduce((total, ms) => total + ms, ownMs * usage.invocations)
}

/**
 * Returns what one task uses in a day. The events are spread evenly: as long as there are fewer events than ticks,
 * each event has a tick of its own.
 */
function taskDay({ eventsPerDay }: Scenario, rates: Rates, pageSize: number): Usage {
  const busyTicks = Math.min(TICKS_PER_DAY, eventsPerDay)
  const pages = busyTicks === 0 ? 0 : Math.ceil(eventsPerDay / busyTicks / pageSize)
  const { bytes, eventBytes } = rates.objectSize
  return sum(
    times(rates.idleRun, TICKS_PER_DAY - busyTicks),
    times(rates.pageRun, busyTicks),
    times(rates.furtherPage, busyTicks * Math.max(0, pages - 1)),
    createUsage({ objectBytes: busyTicks * pages * bytes + eventsPerDay * eventBytes }),
  )
}

/** How long an environment keeps a token: it forgets all when it ends. */
const KEPT_MS = Math.min(TOKEN_CACHE_MS, ENVIRONMENT_HOURS * 3_600_000)

/**
 * Returns the share of runs that read the token. An environment reads a source's token at its first run of that source,
 * and again when it has kept it for `keptMs`. At every tick it gets `runs` runs of the same source on average.
 */
export function computeTokenMissShare(runs: number, keptMs: number = KEPT_MS): number {
  // At the tick when the time is over, the token is already a moment too old.
  const rememberedTicks = Math.max(0, Math.ceil(keptMs / TICK_MS) - 1)
  return 1 / (1 + rememberedTicks * runs)
}

/** The time that so much work of a whole core takes with the share of a function's memory. */
const computeMs = (cpuMs: number, memoryMb: number): number => cpuMs / Math.min(1, memoryMb / MB_OF_A_CORE)

/** The tasks of one tick take as long as the pace or the work demands. The first call of PutEvents has no part in it. */
function tasksMs(tasks: number, memoryMb: number): number {
  if (tasks === 0) return 0
  return Math.max((tasks * 1000) / computePace(tasks), computeMs(tasks * CPU_MS.task, memoryMb))
}

/** The calls of PutEvents overlap, except the first one of each tick. */
function ticksMs(usage: Usage, tasks: number, memoryMb: number): number {
  const busCalls = Math.min(usage.busCalls, usage.invocations)
  const further = Math.max(0, tasks - BUS_BATCH)
  return (
    durationMs({ ...usage, busCalls }, computeMs(CPU_MS.tick, memoryMb)) +
    usage.invocations * tasksMs(further, memoryMb)
  )
}

function createLoad(usage: Usage, milliseconds: number, environments: number): Load {
  const startMs = environments * (HOURS_PER_MONTH / ENVIRONMENT_HOURS) * INIT_MS
  return {
    usage,
    runMs: usage.invocations === 0 ? 0 : milliseconds / usage.invocations,
    milliseconds: milliseconds + startMs,
    environments,
  }
}

const addPlatformLines = (usage: Usage, { platformLogBytes }: MonthFacts): Usage =>
  sum(usage, createUsage({ logBytes: usage.invocations * platformLogBytes }))

/**
 * Computes the month of collect. The number of environments depends on how long a run takes without reading a token.
 * How many runs read the token depends on the number of environments.
 */
function collectMonth(scenario: Scenario, rates: Rates, facts: MonthFacts, spreadMs: number) {
  const tasks = scenario.sources * scenario.apis
  const day = taskDay(scenario, rates, facts.pageSize)
  const withoutTokens = addPlatformLines(times(day, (tasks * HOURS_PER_MONTH) / 24), facts)
  const cpuMs = CPU_MS.run + (CPU_MS.event * scenario.eventsPerDay) / TICKS_PER_DAY
  const ownMs = computeMs(cpuMs, facts.memoryMb.collect)
  const { runMs } = createLoad(withoutTokens, durationMs(withoutTokens, ownMs), 0)
  const environments = Math.min(tasks, Math.ceil((tasks * runMs) / spreadMs))
  const tokenMisses = computeTokenMissShare(environments === 0 ? 0 : scenario.apis / environments)
  const secretCalls = withoutTokens.invocations * tokenMisses
  const usage = sum(withoutTokens, createUsage({ secretCalls }))
  return { collect: createLoad(usage, durationMs(usage, ownMs), environments), tokenMisses }
}

/** Scales what was counted to a month of all sources. */
export function computeMonth(scenario: Scenario, rates: Rates, facts: MonthFacts): Month {
  const { sources, apis } = scenario
  const { memoryMb } = facts
  const tasks = sources * apis
  const ticks = times(sum(rates.tick, taskUsage(tasks, rates.taskBytes)), TICKS_PER_MONTH)
  const tickMs = ticksMs(ticks, tasks, memoryMb.dispatch)
  const dispatch = createLoad(addPlatformLines(ticks, facts), tickMs, 1)
  const spreadMs = computeMs(CPU_MS.tick, memoryMb.dispatch) + tasksMs(tasks, memoryMb.dispatch)
  const { collect, tokenMisses } = collectMonth(scenario, rates, facts, spreadMs)
  const mbMs = collect.milliseconds * memoryMb.collect + dispatch.milliseconds * memoryMb.dispatch
  return {
    ...{ sources, tasks, collect, dispatch, spreadMs, tokenMisses },
    gbSeconds: mbMs / 1000 / 1024,
    tableBytes: sources * SOURCE_BYTES + tasks * (rates.taskBytes + ITEM_OVERHEAD_BYTES),
  }
}
