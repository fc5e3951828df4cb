import type { Random } from '../../infra/local/account/random.ts'
import { type Process, type Surroundings, sleeper } from './process.ts'

/** An instance of a function, which serves one invocation after the other. */
export interface Instance {
  /** How far its clock is ahead of the true time, in milliseconds. */
  skewMs: number
}

/** The margin of a lease allows for clocks that differ. This is far below it. */
const MAX_SKEW_MS = 4_000

/** No time of the product allows for clocks that differ so much. */
const MINUTES_SKEW_MS = 10 * 60_000
const MINUTES_LAST_MS = 30 * 60_000

const skew = (random: Random, mostMs = MAX_SKEW_MS): number =>
  Math.floor((random.fraction() - 0.5) * 2 * mostMs)

export function createInstance({ plan }: Surroundings): Instance {
  return { skewMs: plan.strikes('clocks') ? skew(plan.random('clocks')) : 0 }
}

/** Lets the clock of an instance jump while the instance works. */
function jumpSoon({ timeline, plan }: Surroundings, instance: Instance): void {
  const random = plan.random('clocks')
  timeline.after(random.integer(500), () => {
    instance.skewMs = skew(random)
  })
}

/** Puts the clock of an instance wrong by minutes, until somebody sets it. */
function goWrong({ timeline, plan }: Surroundings, instance: Instance): void {
  const random = plan.random('clocks-minutes')
  instance.skewMs = skew(random, MINUTES_SKEW_MS)
  timeline.after(random.integer(MINUTES_LAST_MS), () => {
    instance.skewMs = 0
  })
}

interface ProcessOptions {
  readonly name: string
  readonly requestId: string
  readonly instance: Instance
  readonly timeoutMs: number
  readonly onDeath: (how: string) => void
}

/** A killed run makes fewer calls than this before it dies. Most runs make fewer anyway. */
const MOST_CALLS = 40

/** Begins an invocation in an instance. It ends at its time-out, if not before. */
export function beginProcess(world: Surroundings, options: ProcessOptions): Process {
  const { timeline, trace, plan, random } = world
  const { name, requestId, instance, timeoutMs, onDeath } = options
  if (plan.strikes('clocks')) jumpSoon(world, instance)
  if (plan.strikes('clocks-minutes')) goWrong(world, instance)
  const process: Process = {
    name,
    requestId,
    alive: true,
    calls: 0,
    lastStatus: undefined,
    isRefused: false,
    execution: undefined,
    dieAt: plan.strikes('kills') ? plan.random('kills').integer(MOST_CALLS) : undefined,
    clock: {
      now: () => timeline.now() + instance.skewMs,
      sleep: sleeper(world, () => process),
      giveWay: async () => {},
    },
    random: { uuid: random.uuid, fraction: random.fraction },
    die(how) {
      if (!process.alive) return
      process.alive = false
      trace.note(name, `dies: ${how}`)
      onDeath(how)
    },
  }
  timeline.after(timeoutMs, () => process.die('Sandbox.Timedout'))
  return process
}
