import type { AdminPorts } from '../../functions/admin/admin-ports.ts'
import type { RetryPorts } from '../../functions/collect/retry.ts'
import type { DispatchPorts } from '../../functions/dispatch/tick.ts'
import { re2Expressions } from '../../shared/adapters/re2-expressions.ts'
import { EVENTS_API_HOSTS } from '../../shared/contract/hosts.ts'
import type { Expressions } from '../../shared/domain/rule/expression.ts'
import type { Bus, Log, Registry, TokenReader } from '../../shared/ports.ts'
import { fakeDestinationSecrets } from '../support/fakes/destinations.ts'
import { fakePage } from '../support/fakes/page.ts'
import { fakeTokenRemover, fakeTokens, fakeTokenWriter } from '../support/fakes/tokens.ts'
import { type Accounts, TOKEN_SECRET } from './accounts.ts'
import { replacing } from './defect.ts'
import type { SimulatedDestination } from './destinations.ts'
import type { Instance } from './instance.ts'
import { createLakes } from './lake-port.ts'
import { awsPort, type Process, type Surroundings } from './process.ts'
import { type BatchAnswer, createRegisteredReads } from './registry-reads.ts'
import { createRewinds } from './rewinds.ts'
import { createStaleScans } from './stale-scans.ts'
import { type OnTask, type Stores, watchedTasks } from './stores.ts'
import type { Verdict } from './verdict.ts'

/** An instance of collect keeps tokens in memory. */
interface CollectInstance extends Instance {
  readonly tokens: TokenReader
}

interface FunctionPorts {
  makeCollect(bare: Instance): CollectInstance
  collect(process: Process, instance: CollectInstance): RetryPorts
  dispatch(process: Process): DispatchPorts
  admin(process: Process): AdminPorts
}

interface FunctionPortsParts {
  readonly world: Surroundings
  readonly stores: Stores
  readonly accounts: Accounts
  readonly destination: SimulatedDestination
  readonly busOf: (process: Process) => Bus
  readonly onTask: OnTask
  /** Changes the response to a read of several items. @default - it stays as it is */
  readonly adaptBatch?: ((answer: BatchAnswer) => BatchAnswer) | undefined
  readonly verdict: Verdict
}

/** The part that is in every token, as proxies write it. In base64 it depends on what is before it: a full stop. */
const TRACES: readonly string[] = [
  TOKEN_SECRET,
  TOKEN_SECRET.replaceAll(/\d/g, digit => `&#${digit.charCodeAt(0)};`),
  Buffer.from(TOKEN_SECRET).toString('hex'),
  ...['', '.', '-.'].map((before, i) =>
    Buffer.from(before + TOKEN_SECRET)
      .toString('base64url')
      .slice(i === 2 ? 2 : 0, i === 2 ? 10 : 8),
  ),
]

/** Checks that what leaves a function holds no token. */
export function checkSecrecy(verdict: Verdict, where: string, output: unknown): void {
  const text = JSON.stringify(output)
  if (TRACES.some(trace => text?.includes(trace)))
    verdict.broken('no token in any output', `${where}: ${text}`)
}

function createLog({ world, verdict }: FunctionPortsParts, process: Process): Log {
  const write = (message: string, extra: Record<string, unknown>): void => {
    world.trace.note(process.name, `says: ${message} ${extra['reason'] ?? ''}`)
    checkSecrecy(verdict, 'log', [message, extra])
  }
  return { debug: write, info: write, warn: write, error: write }
}

/** The engine of expressions is loaded before a world begins, because loading takes true time. */
const compile = await re2Expressions().load()
const EXPRESSIONS: Expressions = { load: async () => compile }

/** Limits that no simulated user reaches. */
const UNLIMITED = { perSecond: 1e6, burst: 1e9, inFlight: 1e9 }

/** Creates the ports of each function. Every call to them can fail. */
export function createFunctionPorts(parts: FunctionPortsParts): FunctionPorts {
  const { world, stores, accounts, destination, busOf, onTask } = parts
  const rewinding = createRewinds(parts)
  const agePage = createStaleScans(world, stores.tasks.items)
  const lakeOf = createLakes(world, stores.lake)
  const tokenWriter = fakeTokenWriter(stores.secrets, world.random.uuid)
  function registryOf(process: Process): Registry {
    const registry = awsPort(world, process, 'registry', stores.registry)
    if (!world.plan.active.has('keys-unprocessed')) return registry
    return replacing(registry, { registered: createRegisteredReads(parts, process) })
  }
  const common = (process: Process) => ({
    clock: process.clock,
    random: process.random,
    log: createLog(parts, process),
    bus: busOf(process),
    tasks: awsPort(world, process, 'tasks', watchedTasks(stores.tasks, agePage, process, onTask)),
    registry: registryOf(process),
    healthEvents: awsPort(world, process, 'health', stores.healthEvents),
  })
  /** `forget` is not a call of AWS, so it cannot fail. */
  function createTokens(process: Process, { tokens }: CollectInstance): TokenReader {
    const { token, newerToken } = awsPort(world, process, 'tokens', tokens)
    return { token, newerToken, forget: tokens.forget }
  }
  return {
    makeCollect(bare) {
      const now = (): number => world.timeline.now() + bare.skewMs
      return Object.assign(bare, { tokens: fakeTokens(stores.secrets, { now }) })
    },
    collect: (process, instance) => ({
      ...common(process),
      tokens: createTokens(process, instance),
      expressions: EXPRESSIONS,
      eventsApi: rewinding(accounts.apiFor(process), process),
      lake: lakeOf(process),
      destinations: destination.portFor(process),
    }),
    dispatch: process => ({
      ...common(process),
      ticks: awsPort(world, process, 'ticks', stores.ticks),
      tokenRemover: awsPort(world, process, 'tokenRemover', fakeTokenRemover(stores.secrets)),
    }),
    admin: process => ({
      ...common(process),
      expressions: EXPRESSIONS,
      tokenWriter: awsPort(world, process, 'tokenWriter', tokenWriter),
      accessKeys: { current: () => Promise.reject(new Error('AWS has verified the caller')) },
      destinationSecrets: fakeDestinationSecrets(new Map()),
      settings: {
        ...{ auth: 'iam', allowedHosts: EVENTS_API_HOSTS, callLimits: UNLIMITED },
        destinations: { kinds: [], hosts: [] },
      },
      page: fakePage(),
      eventsApi: accounts.apiFor(process),
    }),
  }
}
