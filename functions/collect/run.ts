import { isDeepStrictEqual } from 'node:util'
import type { Api } from '../../shared/contract/apis.ts'
import { RESERVE_MS } from '../../shared/contract/timing.ts'
import { failureOf } from '../../shared/domain/failure/failure.ts'
import type { FieldSchema, RegisteredSource } from '../../shared/domain/source/source.ts'
import { tokenExpiry } from '../../shared/domain/source/token-expiry.ts'
import { type RateShare, rateWaitMs } from '../../shared/domain/stream/rate-budget.ts'
import { isoOf } from '../../shared/domain/stream/timestamp.ts'
import { saveTask } from '../../shared/domain/task/life.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import { changed, type TaskChange } from '../../shared/domain/task/task-change.ts'
import type { HealthEvents, Ports, Registry, TaskStore } from '../../shared/ports.ts'

export interface CollectPorts
  extends Pick<Ports, 'clock' | 'random' | 'log' | 'tokens' | 'eventsApi' | 'lake' | 'bus'> {
  readonly tasks: Pick<TaskStore, 'read' | 'apply'>
  readonly healthEvents: Pick<HealthEvents, 'record'>
  readonly registry: Pick<Registry, 'registered' | 'fieldSchema'>
}

export interface CollectSettings {
  /** Items asked for in a page, 1 to 1000. */
  readonly pageSize: number
  /** Origins and hosts that a token may be sent to. */
  readonly allowedHosts: readonly string[]
}

/** One invocation of collect that holds its task's lease. */
export interface Run {
  readonly ports: CollectPorts
  readonly settings: CollectSettings
  readonly registered: RegisteredSource
  readonly api: Api
  readonly share: RateShare
  /** Epoch milliseconds at which the function is stopped. */
  readonly deadlineMs: number
  /** As last written. */
  task: Task
  /** Once read. */
  token: string | undefined
  /** Once read. */
  fieldSchema: FieldSchema | undefined
  /** Theoretical arrival time of the rate budget; saved with every change. A page fetched ahead moves it meanwhile. */
  rateMs: number
  released: boolean
  /** A write failed and may stand all the same: `task` may be older than what is stored. */
  unsure: boolean
  /** An object for the task's cursor may exist that no commit speaks of. */
  openEnd: boolean
  /** 1Password has answered with a page: what the run then leaves undone is no trouble. */
  answered: boolean
  /** The cursor was replaced by a reset cursor in this run. */
  reset: boolean
  /** Uuids delivered before the reset, while the chain reads them again. */
  delivered: ReadonlySet<string> | undefined
  pages: number
  events: number
  /** Of the events, those older than the newest delivered before their page. */
  lateEvents: number
  firstTimestamp: string | undefined
  lastTimestamp: string | undefined
}

/** Another run, or the user, took the task since: nothing more may be written. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
}

export const isSuperseded = (error: unknown): error is Superseded =>
  error instanceof Error && error.name === 'Superseded'

/** The token in use may have come into the secret by hand: what its task shows is that of the last one read. */
function expiryNews({ token, task }: Run): TaskChange {
  if (token === undefined) return {}
  const tokenExpires = tokenExpiry(token)
  return tokenExpires === task.tokenExpires ? {} : { tokenExpires }
}

/** The time as tasks keep it. */
export const nowIso = ({ ports }: Pick<Run, 'ports'>): string => isoOf(ports.clock.now())

/** The write may stand though it failed: what is told of the task from here on must be by what stands. */
async function standing(run: Run, change: TaskChange, failure: unknown): Promise<Task | undefined> {
  const { sourceId, api, fence } = run.task
  run.unsure = true
  const stands = await run.ports.tasks.read({ sourceId, api }).catch(() => {
    throw failure
  })
  run.unsure = false
  if (stands?.fence !== fence) return undefined
  const wanted = changed(run.task, change)
  run.task = stands
  if (isDeepStrictEqual(stands, wanted)) return stands
  throw failure
}

/** Writes under the fence. Throws Superseded if the fence was raised since. */
export async function save(run: Run, change: TaskChange): Promise<void> {
  const { sourceId, api, fence } = run.task
  const written = { ...change, ...expiryNews(run), rateMs: run.rateMs }
  const saving = run.ports.tasks
    .apply({ sourceId, api }, saveTask(fence, written))
    .then(applied => applied?.after)
  const saved = await during(
    'saving the task',
    saving.catch(failure => standing(run, written, failure)),
  )
  if (!saved) throw new Superseded(`the lease with fence ${fence} was taken over`)
  run.task = saved
}

/** The user updated or restarted the source since this run read it: the next run is to begin anew. */
export const isOutdated = ({ task, registered }: Run): boolean =>
  (task.renewed ?? 0) > registered.source.version

/** Whether another request, with what the rate budget makes it wait, ends before the reserve is touched. */
export function timeForRequest(run: Run): boolean {
  const nowMs = run.ports.clock.now()
  return nowMs + rateWaitMs(run.share, run.rateMs, nowMs) < run.deadlineMs - RESERVE_MS
}

/** Gives a failure the step at which it happened. */
export async function during<T>(doing: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw failureOf(error, doing)
  }
}
