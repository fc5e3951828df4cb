import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Activity, createActivity, holdOverJumps } from './aws/clock/activity.ts'
import type { VirtualClock } from './aws/clock/clock.ts'
import { type KeptClock, keepClock, resumeClock } from './aws/clock/saved-clock.ts'
import { lockDataDirectory } from './aws/data-directory/lock.ts'
import { createEventing, type Eventing } from './aws/events/eventing.ts'
import type { EventEnvelope } from './aws/events/put-events.ts'
import { type Gateway, startGateway } from './aws/gateway/gateway.ts'
import type { Intercept, Observe } from './aws/gateway/interception.ts'
import type { LogLine } from './aws/lambda/function-logs.ts'
import type { FunctionPool } from './aws/lambda/function-pool.ts'
import {
  closePools,
  type FunctionPools,
  fillPools,
  findFunction,
  poolOf,
} from './aws/lambda/function-pools.ts'
import type { InvocationResult } from './aws/lambda/invocation.ts'
import { functionUrl } from './aws/lambda/url/function-url.ts'
import { startUrlServer, type UrlServer } from './aws/lambda/url/server.ts'
import type { Notice } from './aws/notice.ts'
import type { ExecutionEvent } from './aws/states/execution-event.ts'
import type { Execution } from './aws/states/execution-list.ts'
import { readDeployment } from './aws/template/deployment.ts'
import type { Deployment, UrlResource } from './aws/template/model.ts'
import {
  type AccessKey,
  accessKeySecret,
  type OwnerAccess,
  readAccessKey,
  saveOwnerAccess,
} from './owner-access.ts'
import { type OwnerRequest, ownerHeaders } from './owner-request.ts'
import { createStageReports } from './stage-reports.ts'
import { synthesize } from './synthesize.ts'

export interface StageOptions {
  /** Holds everything that survives a restart. One stage at a time. */
  readonly dataDir: string
  /** Of the admin URL. @default 0, any free one */
  readonly port?: number
  /** How much faster than real time virtual time runs. @default 1 */
  readonly speed?: number
  /** @default - one that resumes where the data directory left off */
  readonly clock?: VirtualClock
  /** CDK context, beside the stage's own. */
  readonly context?: Readonly<Record<string, unknown>>
  /** A synthesized cloud assembly. @default - synthesized now */
  readonly assemblyFolder?: string
  readonly intercept?: Intercept
  readonly observe?: Observe
  /** Fixed credentials of the admin URL. @default - as the template generates them */
  readonly accessKey?: AccessKey
  /** Whether rate rules fire by themselves, the first time at once. @default true */
  readonly schedule?: boolean
  /** Starts what the functions are to find running, under the data directory's lock; it is closed after the stage. */
  readonly companion?: (clock: VirtualClock) => Promise<{ close(): Promise<void> }>
  readonly onLog?: (line: LogLine) => void
  readonly onNotice?: (notice: Notice) => void
  /** Called for every step of every execution of a state machine. */
  readonly onExecution?: (event: ExecutionEvent) => void
}

export interface Stage {
  /** The admin URL, without a slash at the end. */
  readonly url: string
  readonly outputs: Deployment['outputs']
  /** undefined if the admin URL asks for SigV4. */
  readonly accessKey: AccessKey | undefined
  /** The headers that prove the owner of the machine to the admin URL. */
  ownerHeaders(request: OwnerRequest): Record<string, string>
  readonly deployment: Deployment
  readonly clock: VirtualClock
  /** Virtual milliseconds that it jumped at the start, past the leases of runs that an earlier stage left unfinished. */
  readonly passedMs: number
  readonly gateway: Gateway
  /** Invokes a function (`collect`, its logical id or its name) and waits. */
  invoke(functionName: string, payload: unknown): Promise<InvocationResult>
  putEvents(busName: string, envelopes: readonly EventEnvelope[]): void
  /** Fires every rate rule once; what follows is under way when it returns. */
  tick(): void
  /** Lets rate rules fire by themselves from now on, the first time at once. */
  startSchedule(): void
  /** Executions of state machines that this stage has begun. */
  executions(): readonly Execution[]
  /** Ends all executions that run, as if they were lost. */
  abortExecutions(): void
  /**
   * Resolves when no event, invocation or retry is pending, and no timer that is due. An execution that waits is not
   * pending.
   */
  idle(): Promise<void>
  /** Ends the threads of one function, or of all, in mid-run too. */
  kill(functionName?: string): Promise<void>
  /** Runs in flight get `graceMs` of real time to finish, then they are abandoned. */
  close(options?: { readonly graceMs?: number }): Promise<void>
}

/** Tokens may go to accounts simulated on this machine, beside the real hosts. */
const LOCAL_CONTEXT = { allowedHosts: ['http://127.0.0.1'] }

type Closers = (() => Promise<void> | void)[]

/** Synthesizes the template and starts what it describes. Throws, with everything closed again, if any of it fails. */
export async function startStage(options: StageOptions): Promise<Stage> {
  const closers: Closers = []
  try {
    return await assemble(options, closers)
  } catch (error) {
    await closeAll(closers)
    throw error
  }
}

/** Closes what was opened last first. What fails to close does not keep the rest open. */
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

async function assemble(options: StageOptions, closers: Closers): Promise<Stage> {
  const { dataDir } = options
  const lock = lockDataDirectory(dataDir)
  closers.push(() => lock.release())
  const clock = options.clock ?? resumeClock(dataDir, options.speed ?? 1)
  const keptClock = keepClock(dataDir, clock)
  closers.push(() => keptClock.close())
  const companion = await options.companion?.(clock)
  closers.push(() => companion?.close())
  const server = await startUrlServer(options.port ?? 0)
  closers.push(() => server.close())
  const deployment = readDeployment({ assemblyFolder: await assemblyOf(options), urlOf: () => server.url })
  const url = soleUrl(deployment)

  const activity = createActivity()
  closers.push(holdOverJumps(activity, clock))
  const pools: FunctionPools = new Map()
  const facts = { deployment, dataDir, clock, keptClock, activity, pools }
  const reports = createStageReports({ ...options, clock })
  const { onExecution } = options
  const eventing = createEventing({ ...facts, ...reports, onExecution, onTick: keptClock.save })
  const gateway = await openGateway(options, facts, eventing)
  closers.push(() => gateway.close())
  closers.push(() => eventing.save())
  fillPools({ ...facts, gateway, logs: reports.logs })
  closers.push(() => closePools(pools))
  const accessKey = readAccessKey(dataDir, accessKeySecret(deployment))
  const owner = ownerOf(deployment, gateway, server)
  saveOwnerAccess(dataDir, owner)
  await Promise.all(pools.values().map(pool => pool.warm()))

  eventing.resume()
  const pool = poolOf(pools, url.functionArn)
  const { onFunctionError } = reports
  server.answerWith(functionUrl({ url, pool, clock, activity, gateway, onFunctionError }))
  if (options.schedule ?? true) eventing.schedule.start()
  return stageOf({ ...facts, eventing, gateway, server, owner, accessKey, closers })
}

/** The folder of the cloud assembly that a stage with these options starts. */
export const assemblyOf = ({
  assemblyFolder,
  context,
}: Pick<StageOptions, 'assemblyFolder' | 'context'>): Promise<string> | string =>
  assemblyFolder ?? synthesize({ outDir: ASSEMBLY_FOLDER, context: { ...LOCAL_CONTEXT, ...context } })

const ASSEMBLY_FOLDER = join(import.meta.dirname, '..', '..', '.assembly')

function soleUrl({ urls }: Deployment): UrlResource {
  const [url, ...others] = urls
  if (url && others.length === 0) return url
  throw new Error(`The local stage serves one function URL, and the template has ${urls.length}.`)
}

interface Facts {
  readonly deployment: Deployment
  readonly dataDir: string
  readonly clock: VirtualClock
  readonly keptClock: KeptClock
  readonly activity: Activity
  readonly pools: FunctionPools
}

function openGateway(
  options: StageOptions,
  { deployment, dataDir, clock }: Facts,
  eventing: Eventing,
): Promise<Gateway> {
  const { intercept, observe, accessKey } = options
  const secret = accessKeySecret(deployment)
  if (accessKey && !secret) {
    throw new Error('An access id and key are given, but with adminAuth=iam the admin URL asks for SigV4.')
  }
  return startGateway({
    deployment,
    clock,
    dataDir,
    putEvents: eventing.putEvents,
    ...(intercept && { intercept }),
    ...(observe && { observe }),
    ...(accessKey && secret && { secretOverrides: { [secret.logicalId]: JSON.stringify(accessKey) } }),
  })
}

interface Running extends Facts {
  readonly eventing: Eventing
  readonly gateway: Gateway
  readonly server: UrlServer
  readonly owner: OwnerAccess
  readonly accessKey: AccessKey | undefined
  readonly closers: Closers
}

function ownerOf(deployment: Deployment, gateway: Gateway, server: UrlServer): OwnerAccess {
  const secret = accessKeySecret(deployment)
  return {
    adminUrl: server.url,
    endpoint: gateway.url,
    region: deployment.region,
    credentials: gateway.owner,
    ...(secret && { accessKeySecretArn: secret.arn }),
  }
}

function stageOf(running: Running): Stage {
  const { deployment, clock, activity, pools, eventing, gateway, server, owner, accessKey, closers } = running
  const named = (name: string): FunctionPool => poolOf(pools, findFunction(deployment.functions, name).arn)
  return {
    url: server.url,
    outputs: deployment.outputs,
    accessKey,
    ownerHeaders: request => ownerHeaders(owner, accessKey, request),
    deployment,
    clock,
    passedMs: running.keptClock.passedMs,
    gateway,
    async invoke(functionName, payload) {
      const end = activity.begin()
      return await named(functionName).invoke(JSON.stringify(payload)).finally(end)
    },
    putEvents: eventing.putEvents,
    tick: eventing.schedule.fire,
    startSchedule: eventing.schedule.start,
    executions: eventing.stateMachines.executions,
    abortExecutions: eventing.stateMachines.abort,
    idle: activity.idle,
    async kill(functionName) {
      const killed = functionName === undefined ? [...pools.values()] : [named(functionName)]
      await Promise.all(killed.map(pool => pool.kill()))
    },
    async close({ graceMs = 0 } = {}) {
      eventing.stop()
      server.refuse()
      const finished = activity.idle().then(() => true)
      if (!(await Promise.race([finished, delay(graceMs, false, { ref: false })])))
        running.keptClock.abandonRuns()
      await closeAll(closers)
    },
  }
}
