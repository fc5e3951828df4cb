import { setTimeout as delay } from 'node:timers/promises'
import { type Activity, createActivity, holdOverJumps } from './clock/activity.ts'
import type { VirtualClock } from './clock/clock.ts'
import { type KeptClock, keepClock, type Lease, resumeClock } from './clock/saved-clock.ts'
import { lockDataDirectory } from './data-directory/lock.ts'
import { createEventing, type Eventing } from './events/eventing.ts'
import type { EventEnvelope } from './events/put-events.ts'
import { type Gateway, startGateway } from './gateway/gateway.ts'
import type { Intercept, Observe } from './gateway/interception.ts'
import type { Credentials } from './gateway/signature.ts'
import type { LogLine } from './lambda/function-logs.ts'
import type { FunctionPool } from './lambda/function-pool.ts'
import { closePools, type FunctionPools, fillPools, findFunction, getPool } from './lambda/function-pools.ts'
import type { InvocationResult } from './lambda/invocation.ts'
import { createFunctionUrl } from './lambda/url/function-url.ts'
import { startUrlServer, type UrlServer } from './lambda/url/server.ts'
import { createReports, type Notice } from './reports.ts'
import type { ExecutionEvent } from './states/execution-event.ts'
import type { Execution } from './states/execution-list.ts'
import { readDeployment } from './template/deployment.ts'
import type { Deployment, UrlResource } from './template/model.ts'

export interface EmulatorOptions {
  /** Folder of a synthesized cloud assembly, or how to make it. The data directory is locked by then. */
  readonly assemblyFolder: string | (() => Promise<string>)
  /** Holds everything that survives a restart. Only one emulator at a time can use it. */
  readonly dataDir: string
  /** Port of the function URL. @default 0, any free one */
  readonly port?: number
  /** How much faster than real time virtual time runs. @default 1 */
  readonly speed?: number
  /** @default - a clock that resumes where the data directory left off */
  readonly clock?: VirtualClock
  /**
   * The lease of invocations that an earlier emulator left unfinished. At the start, virtual time jumps past it.
   * @default - none: virtual time does not jump
   */
  readonly lease?: Lease
  readonly intercept?: Intercept
  readonly observe?: Observe
  /** Returns fixed values of secrets by logical id. The template's other secrets are generated. */
  readonly secretValues?: (deployment: Deployment) => Readonly<Record<string, string>>
  /** Whether rate rules fire by themselves, the first time at once. @default true */
  readonly schedule?: boolean
  /** Starts something that the functions need, after the data directory is locked. It is closed after the emulator. */
  readonly companion?: (clock: VirtualClock) => Promise<{ close(): Promise<void> }>
  readonly onLog?: (line: LogLine) => void
  readonly onNotice?: (notice: Notice) => void
  /** Called for every step of every execution of a state machine. */
  readonly onExecution?: (event: ExecutionEvent) => void
}

export interface Emulator {
  /** The function URL, without a slash at the end. */
  readonly url: string
  /** Where every AWS service answers. */
  readonly endpoint: string
  /** Credentials of the machine's owner, who may do whatever no policy denies. */
  readonly owner: Credentials
  /** Credentials that a function of this role signs its calls with. */
  credentials(roleArn: string, functionName: string): Credentials
  readonly deployment: Deployment
  readonly outputs: Deployment['outputs']
  readonly clock: VirtualClock
  /** Virtual milliseconds that the clock jumped at the start, past the leases that an earlier emulator left. */
  readonly passedMs: number
  /** Invokes a function and waits. Its name is `collect` for a construct `Collect`, its logical id or its real name. */
  invoke(functionName: string, payload: unknown): Promise<InvocationResult>
  putEvents(busName: string, envelopes: readonly EventEnvelope[]): void
  /** Fires every rate rule once. What follows is under way when it returns. */
  tick(): void
  /** Lets rate rules fire by themselves from now on, the first time at once. */
  startSchedule(): void
  /** Executions of state machines that this emulator has begun. */
  executions(): readonly Execution[]
  /** Ends all executions that run, as if they were lost. */
  abortExecutions(): void
  /**
   * Resolves when no event, invocation or retry is pending, and no timer that is due. An execution that waits is not
   * pending.
   */
  idle(): Promise<void>
  /** Ends the threads of one function, or of all. Invocations that run fail. */
  kill(functionName?: string): Promise<void>
  /** Gives invocations that run `graceMs` of real time to finish, then abandons them. */
  close(options?: { readonly graceMs?: number }): Promise<void>
}

type Closers = (() => Promise<void> | void)[]

/** Starts what the assembly's template describes. Throws, with everything closed again, if any of it fails. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const closers: Closers = []
  try {
    return await startAll(options, closers)
  } catch (error) {
    await closeAll(closers)
    throw error
  }
}

/** Closes everything, in the reverse order of opening. If one closer fails, the others are still called. */
async function closeAll(closers: Closers): Promise<void> {
  const failures: unknown[] = []
  for (const close of closers.splice(0).reverse()) {
    try {
      await close()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'The local stage did not close cleanly')
}

async function startAll(options: EmulatorOptions, closers: Closers): Promise<Emulator> {
  const { dataDir, assemblyFolder } = options
  const lock = lockDataDirectory(dataDir)
  closers.push(() => lock.release())
  const clock = options.clock ?? resumeClock(dataDir, options.speed ?? 1)
  const keptClock = keepClock(dataDir, clock, options.lease)
  closers.push(() => keptClock.close())
  const companion = await options.companion?.(clock)
  closers.push(() => companion?.close())
  const server = await startUrlServer(options.port ?? 0)
  closers.push(() => server.close())
  const folder = typeof assemblyFolder === 'string' ? assemblyFolder : await assemblyFolder()
  const deployment = readDeployment({ assemblyFolder: folder, findUrl: () => server.url })
  return await startServices(options, { deployment, clock, keptClock, server }, closers)
}

interface Started {
  readonly deployment: Deployment
  readonly clock: VirtualClock
  readonly keptClock: KeptClock
  readonly server: UrlServer
}

async function startServices(
  options: EmulatorOptions,
  started: Started,
  closers: Closers,
): Promise<Emulator> {
  const { deployment, clock, keptClock, server } = started
  const { dataDir, onExecution } = options
  const url = requireOneUrl(deployment)
  const activity = createActivity()
  closers.push(holdOverJumps(activity, clock))
  const pools: FunctionPools = new Map()
  const reports = createReports({ ...options, clock })
  const parts = { deployment, dataDir, clock, activity, pools }
  const eventing = createEventing({ ...parts, ...reports, onExecution, onTick: keptClock.save })
  const gateway = await openGateway(options, { deployment, clock, eventing })
  closers.push(() => gateway.close())
  closers.push(() => eventing.save())
  fillPools({ ...parts, gateway, logs: reports.logs })
  closers.push(() => closePools(pools))
  await Promise.all(pools.values().map(pool => pool.warm()))
  eventing.resume()
  const pool = getPool(pools, url.functionArn)
  const { onFunctionError } = reports
  server.answerWith(createFunctionUrl({ url, pool, clock, activity, gateway, onFunctionError }))
  if (options.schedule ?? true) eventing.schedule.start()
  return createHandle({ ...started, activity, pools, eventing, gateway, closers })
}

function requireOneUrl({ urls }: Deployment): UrlResource {
  const [url, ...others] = urls
  if (url && others.length === 0) return url
  throw new Error(`The local stage serves one function URL, and the template has ${urls.length}.`)
}

function openGateway(
  { dataDir, intercept, observe, secretValues }: EmulatorOptions,
  { deployment, clock, eventing }: Pick<Running, 'deployment' | 'clock' | 'eventing'>,
): Promise<Gateway> {
  return startGateway({
    deployment,
    clock,
    dataDir,
    putEvents: eventing.putEvents,
    ...(intercept && { intercept }),
    ...(observe && { observe }),
    ...(secretValues && { secretOverrides: secretValues(deployment) }),
  })
}

interface Running extends Started {
  readonly activity: Activity
  readonly pools: FunctionPools
  readonly eventing: Eventing
  readonly gateway: Gateway
  readonly closers: Closers
}

function createHandle(running: Running): Emulator {
  const { deployment, clock, keptClock, activity, pools, eventing, gateway, server, closers } = running
  const findPool = (name: string): FunctionPool =>
    getPool(pools, findFunction(deployment.functions, name).arn)
  return {
    url: server.url,
    endpoint: gateway.url,
    owner: gateway.owner,
    credentials: gateway.credentials,
    deployment,
    outputs: deployment.outputs,
    clock,
    passedMs: keptClock.passedMs,
    async invoke(functionName, payload) {
      const end = activity.begin()
      return await findPool(functionName).invoke(JSON.stringify(payload)).finally(end)
    },
    putEvents: eventing.putEvents,
    tick: eventing.schedule.fire,
    startSchedule: eventing.schedule.start,
    executions: eventing.stateMachines.executions,
    abortExecutions: eventing.stateMachines.abort,
    idle: activity.idle,
    async kill(functionName) {
      const killed = functionName === undefined ? [...pools.values()] : [findPool(functionName)]
      await Promise.all(killed.map(pool => pool.kill()))
    },
    async close({ graceMs = 0 } = {}) {
      eventing.stop()
      server.refuse()
      const finished = activity.idle().then(() => true)
      if (!(await Promise.race([finished, delay(graceMs, false, { ref: false })]))) keptClock.abandonRuns()
      await closeAll(closers)
    },
  }
}

/* All else that this package offers. Nothing outside imports any other file of it. */
export { createClock, type VirtualClock } from './clock/clock.ts'
export { readJson, removeFile, writeJson } from './data-directory/json-file.ts'
export { isInUse } from './data-directory/lock.ts'
export { checkEntries, type EventEnvelope, toEnvelope } from './events/put-events.ts'
export { type Gateway, type GatewayOptions, startGateway } from './gateway/gateway.ts'
export type { Exchange, Fault, Intercept, InterceptedCall, Phase } from './gateway/interception.ts'
export { type Credentials, signatureHeaders } from './gateway/signature.ts'
export { evaluate } from './iam/evaluation.ts'
export { readStatements } from './iam/policy-document.ts'
export { toInvocationRecord } from './lambda/failure-destination.ts'
export type { LogLine } from './lambda/function-logs.ts'
export { friendlyName } from './lambda/function-pools.ts'
export { failedInvocation, limitAnswer } from './lambda/invocation.ts'
export { toHttpAnswer } from './lambda/url/http-answer.ts'
export { toRequestEvent } from './lambda/url/request-event.ts'
export { startUrlServer } from './lambda/url/server.ts'
export type { Notice } from './reports.ts'
export { openStoppedSecret, readStoredSecret, type StoppedSecret } from './secrets/stored-secret.ts'
export { type EngineWorld, loadStateMachines } from './states/engine.ts'
export { type RunningExecution, startExecution } from './states/execution.ts'
export type { ExecutionEvent } from './states/execution-event.ts'
export { taskError } from './states/lambda-task.ts'
export { type RawResource, readAssembly, type Template } from './template/assembly.ts'
export type { Deployment, PolicyStatement, SecretResource, StatesDefinition } from './template/model.ts'
export { gatherProblems } from './template/problems.ts'
