import { randomFrom } from '../../infra/local/account/random.ts'
import {
  COLLECTION_DUE,
  EPISODE_OPENED,
  FAILED_INVOCATION,
  SOURCE_STOPPING,
  TICK_SEGMENT,
} from '../../shared/contract/events.ts'
import { EVENTS_API_HOSTS } from '../../shared/contract/hosts.ts'
import type { DestinationSetting } from '../../shared/domain/source/source.ts'
import { createAdminClient } from './admin-client.ts'
import { createEventBridge, type Envelope } from './bus.ts'
import { type Checks, createChecks } from './checks.ts'
import type { Defect } from './defect.ts'
import type { Fault } from './faults.ts'
import { checkSecrecy, createFunctionPorts } from './function-ports.ts'
import { createFunctions, type FunctionName } from './functions.ts'
import { createGoneChecks } from './gone-checks.ts'
import { createHandlers } from './handlers.ts'
import type { Tally } from './lake-checks.ts'
import { createMachine, type Machine } from './machine.ts'
import { startObjectMoods } from './object-moods.ts'
import { startOlderDeployment } from './older-deployment.ts'
import { startTableMoods } from './table-moods.ts'
import { startTicks } from './ticks.ts'
import { createUser, type User } from './user.ts'
import type { Breach } from './verdict.ts'
import { createWorld, startMoods, type World, type WorldOptions } from './world.ts'

interface SimulationOptions extends WorldOptions {
  readonly defect?: Defect | undefined
}

export interface Counts {
  readonly runs: number
  /** Requests to the Events API. */
  readonly requests: number
  readonly opened: number
  readonly quit: number
  readonly recovered: number
  readonly healthEvents: number
  /** Events that a destination beside the lake got although it had them. */
  readonly sentAgain: number
}

export interface Outcome {
  readonly seed: string
  readonly breach: Breach | undefined
  readonly tally: Tally
  readonly injected: ReadonlyMap<Fault, number>
  readonly counts: Counts
  /** How often each call of AWS was made, by port and method. */
  readonly calls: ReadonlyMap<string, number>
  /** A hash of everything that happened. It is always the same for the same options. */
  readonly hash: string
}

interface System {
  readonly machine: Machine
  readonly users: readonly User[]
  readonly runs: () => number
}

const COLLECTOR_ID = 1

/** The functions, the bus with its rules and the state machine, as they are deployed. */
function deploy(world: World, checks: Checks, defect: Defect) {
  const { stores, accounts, verdict, scenario } = world
  let runs = 0
  const later = (name: FunctionName) => (event: Envelope) => functions.invokeLater(name, event)
  const bus = createEventBridge(world, {
    targets: {
      [COLLECTION_DUE]: later('collect'),
      [SOURCE_STOPPING]: later('dispatch'),
      [FAILED_INVOCATION]: later('dispatch'),
      [TICK_SEGMENT]: later('dispatch'),
      [EPISODE_OPENED]: ({ detail }) => machine.start(detail),
    },
    onAccepted: checks.onBus,
    onOverLimit: what => verdict.broken('no write is above a limit of AWS', what),
    adaptAnswer: defect.putEvents,
  })
  const ports = createFunctionPorts({
    ...{ world, stores, accounts, verdict, destination: world.destination },
    ...{ busOf: bus.busOf, onTask: checks.onTask, adaptBatch: defect.batchGet },
  })
  const adaptToDeployment = startOlderDeployment(world)
  const settings = { pageSize: scenario.pageSize, allowedHosts: EVENTS_API_HOSTS }
  const checkGone = createGoneChecks(stores, verdict)
  const handlers = createHandlers(world, settings, address => {
    runs++
    return checkGone(address)
  })
  const functions = createFunctions(world, {
    putFailure: bus.put,
    makeCollect: ports.makeCollect,
    collect: async (process, instance, payload, deadlineMs) => {
      const own = adaptToDeployment(ports.collect(process, instance))
      const used = defect.collect?.(own, process, stores) ?? own
      const answer = await handlers.collect(process, used, payload, deadlineMs)
      checkSecrecy(verdict, 'answer of collect', answer)
      return answer
    },
    dispatch: (process, _, payload) => {
      const own = ports.dispatch(process)
      return handlers.dispatch(process, defect.dispatch?.(own, stores) ?? own, payload as Envelope)
    },
  })
  const machine = createMachine(world, functions)
  return { functions, machine, ports, runs: () => runs }
}

const chooseDestination = ({ destination: { isOn, hasLake } }: World): DestinationSetting =>
  isOn ? { type: 'sumologic', lake: hasLake, secret: 'a' } : { type: 'lake' }

function start(world: World, checks: Checks, defect: Defect): System {
  const { stores, accounts, scenario, timeline } = world
  const { functions, machine, ports, runs } = deploy(world, checks, defect)
  stores.registry.stored.collectors.set(COLLECTOR_ID, {
    ...{ schema: 1, id: COLLECTOR_ID, version: 1, name: 'Security', fields: {} },
    ...{ destination: chooseDestination(world), createdAt: new Date(timeline.now()).toISOString() },
  })
  startTicks(world, functions)
  startMoods(world)
  startTableMoods(world)
  startObjectMoods(world)
  const admin = createAdminClient(
    world,
    process => defect.admin?.(ports.admin(process)) ?? ports.admin(process),
  )
  const { quietMs, startTime } = scenario
  const users = accounts.all.map(account =>
    createUser({
      ...{ world, stores, accounts, account, admin, quietMs, startTime, collectorId: COLLECTOR_ID },
      random: randomFrom(scenario.seed, 'user', account.number),
    }),
  )
  return { machine, users, runs }
}

const LOOK_MS = 10 * 60_000

async function simulateOnce(options: SimulationOptions): Promise<Outcome> {
  const world = createWorld(options)
  const { timeline, trace, plan, verdict, scenario } = world
  const checks = createChecks(world)
  options.defect?.stores?.(world.stores)
  const { machine, users, runs } = start(world, checks, options.defect ?? {})
  while (timeline.now() < scenario.endMs && !verdict.first()) {
    await timeline.run(timeline.now() + LOOK_MS)
    checks.look()
  }
  const tally = verdict.first() ? checks.soFar() : checks.audit(users, machine)
  return {
    seed: options.seed,
    breach: verdict.first(),
    tally,
    injected: plan.injected,
    calls: world.calls,
    counts: {
      ...checks.episodes,
      runs: runs(),
      requests: world.accounts.calls(),
      healthEvents: checks.healthEvents(),
      sentAgain: world.destination.repeated,
    },
    hash: trace.hash(),
  }
}

/**
 * Simulates the days of one seed. A broken invariant is returned, not thrown. Almost all errors are part of the simulated
 * faults: their stacks, which nobody reads, cost much time. If the simulation itself fails, it is repeated with stacks.
 */
export async function simulate(options: SimulationOptions): Promise<Outcome> {
  const { stackTraceLimit } = Error
  try {
    Error.stackTraceLimit = 0
    return await simulateOnce(options)
  } catch (error) {
    Error.stackTraceLimit = stackTraceLimit
    await simulateOnce(options)
    throw error
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}
