import type { Api } from '../../shared/contract/apis.ts'
import { LEASE_MARGIN_MS, RESERVE_MS } from '../../shared/contract/timing.ts'
import { failureOf } from '../../shared/domain/failure.ts'
import { changed, type TaskChange } from '../../shared/domain/progress.ts'
import { type RateShare, rateShare, rateWaitMs } from '../../shared/domain/rate-budget.ts'
import type { RegisteredSource } from '../../shared/domain/source.ts'
import type { Task, TaskKey } from '../../shared/domain/task.ts'
import { dateOf } from '../../shared/domain/timestamp.ts'
import type { Ports } from '../../shared/ports.ts'

export type CollectPorts = Pick<
  Ports,
  'clock' | 'random' | 'log' | 'tasks' | 'registry' | 'tokens' | 'eventsApi' | 'lake' | 'bus'
>

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
  /** Theoretical arrival time of the rate budget; saved with every change. A page fetched ahead moves it meanwhile. */
  rateMs: number
  released: boolean
  /** An object for the task's cursor may exist that no commit speaks of. */
  openEnd: boolean
  /** The cursor was replaced by a reset cursor in this run. */
  reset: boolean
  /** Uuids delivered before the reset, while the chain reads them again. */
  delivered: ReadonlySet<string> | undefined
  pages: number
  events: number
  firstTimestamp: string | undefined
  lastTimestamp: string | undefined
}

/** Another run, or the user, took the task since: nothing more may be written. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
}

export const isSuperseded = (error: unknown): error is Superseded =>
  error instanceof Error && error.name === 'Superseded'

/** Takes the lease; undefined if another run holds it or the task is not to be collected. */
export async function begin(
  ports: CollectPorts,
  settings: CollectSettings,
  registered: RegisteredSource,
  key: TaskKey,
  deadlineMs: number,
): Promise<Run | undefined> {
  const nowMs = ports.clock.now()
  const acquired = await ports.tasks.acquire(key, {
    owner: ports.random.uuid(),
    nowMs,
    expiresMs: deadlineMs + LEASE_MARGIN_MS,
    partition: dateOf(nowMs),
  })
  return (
    acquired && {
      ports,
      settings,
      registered,
      api: key.api,
      share: rateShare(registered.source.apis.length),
      deadlineMs,
      task: acquired.task,
      rateMs: acquired.task.rateMs ?? 0,
      released: false,
      openEnd: acquired.recovering,
      reset: false,
      delivered: undefined,
      pages: 0,
      events: 0,
      firstTimestamp: undefined,
      lastTimestamp: undefined,
    }
  )
}

/** Writes under the fence. Throws Superseded if the fence was raised since. */
export async function save(run: Run, change: TaskChange): Promise<void> {
  const { sourceId, api, fence } = run.task
  const written = { ...change, rateMs: run.rateMs }
  const saved = await during('saving the task', run.ports.tasks.save({ sourceId, api }, fence, written))
  if (!saved) throw new Superseded(`the lease with fence ${fence} was taken over`)
  run.task = changed(run.task, change)
}

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
