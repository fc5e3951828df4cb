import { TICK_MINUTES } from '../../shared/contract/timing.ts'
import { isOpen } from '../../shared/domain/task/episode.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { FaultPlan } from './fault-plan.ts'
import { DELAYING } from './faults.ts'
import { checkSecrecy } from './function-ports.ts'
import type { Machine } from './machine.ts'
import { type Stores, type TaskEffect, taskName } from './stores.ts'
import type { User } from './user.ts'
import type { Verdict } from './verdict.ts'

export interface Ending {
  readonly onTask: (effect: TaskEffect) => void
  /** At the end of the quiet period. */
  audit(users: readonly User[], machine: Machine): void
}

interface EndingParts {
  readonly stores: Stores
  readonly plan: FaultPlan
  readonly verdict: Verdict
  readonly quietMs: number
  readonly now: () => number
}

const MINUTE_MS = 60_000
const TWO_TICKS_MS = 2 * TICK_MINUTES * MINUTE_MS

/** A run that began before the quiet hours ends within this time, even if the clock of its instance is wrong. */
const LAST_RUN_MS = 5 * MINUTE_MS

/**
 * A row of empty pages that began before the quiet hours takes several runs, and each of them fails: 300 pages, 25 in a
 * run, five minutes apart.
 */
const LAST_ROW_MS = 65 * MINUTE_MS

/** What nobody may read of an object is waited for during an hour, and the retry after that comes some minutes later. */
const OUT_OF_REACH_MS = 70 * MINUTE_MS

/** How long after the next retry a tick finds that an execution is lost: a run, its answer and a minute. */
const SILENCE_MS = 316_000

/** A user looks every five minutes, and may still have to replace a token. */
const REST_MS = 15 * MINUTE_MS

/** An episode whose deadline is this near may still be given up, although no fault strikes any more. */
const RECOVERED_MS = 20 * MINUTE_MS

/**
 * Checks what must be true when no fault strikes any more. Every task is Collecting two ticks and a run after the last
 * of these: the begin of the quiet hours, the end of a lease or run from before, the last change of the user, and the
 * next retry of an episode, or the tick that finds its execution lost.
 */
export function createEnding(parts: EndingParts): Ending {
  const { stores, plan, verdict, quietMs, now } = parts
  const collectingMs = new Map<string, number>()
  const retryMs = new Map<string, number>()
  const isDelayed = [...plan.active].some(fault => DELAYING.has(fault))
  const lastTroubleMs = Math.max(
    plan.active.has('api-empty-rows') ? LAST_ROW_MS : 0,
    plan.active.has('objects-out-of-reach') ? OUT_OF_REACH_MS : 0,
  )
  const recoveredMs = Math.max(RECOVERED_MS, lastTroubleMs)
  const lastFailureMs = Math.max(LAST_RUN_MS, lastTroubleMs)

  function onTask({ before, after }: TaskEffect): void {
    if (!after) return
    const name = taskName(after)
    if (after.state !== 'Collecting') collectingMs.delete(name)
    else if (before?.state !== 'Collecting') collectingMs.set(name, now())
    const { episode } = after
    if (isOpen(episode) && now() < quietMs + lastFailureMs) {
      retryMs.set(name, episode.nextRetryMs + (isDelayed ? SILENCE_MS : 0))
    }
    const isQuit = episode?.quitMs !== undefined && before?.episode?.quitMs === undefined
    if (isQuit && episode.deadlineMs > quietMs + recoveredMs) {
      verdict.broken('after the last fault nothing is given up', `${name} is`)
    }
  }

  function checkCollecting(task: Task, settledMs: number): void {
    const name = taskName(task)
    if (task.state !== 'Collecting') {
      verdict.broken('in the end every source is Collecting', `${name} is ${task.state}`)
      return
    }
    const wantedMs = Math.max(quietMs + LAST_RUN_MS, settledMs, retryMs.get(name) ?? 0)
    const tookMs = (collectingMs.get(name) ?? 0) - wantedMs
    if (tookMs < TWO_TICKS_MS + LAST_RUN_MS) return
    const minutes = (tookMs / MINUTE_MS).toFixed(1)
    verdict.broken('in the end every source is Collecting', `${name} after ${minutes} minutes of quiet`)
  }

  function checkRest(users: readonly User[]): void {
    const busy = users.filter(({ restedMs }) => now() - restedMs() > REST_MS)
    if (busy.length === 0) return
    verdict.broken('in the end every request is granted', busy.map(({ sourceId }) => sourceId()).join())
  }

  function checkGone(users: readonly User[]): void {
    const sources = new Set(stores.registry.stored.sources.values().map(({ id }) => id))
    const left = [
      ...[...stores.tasks.items.values()].filter(({ sourceId }) => !sources.has(sourceId)).map(taskName),
      ...[...stores.secrets.keys()].filter(id => !sources.has(id)).map(id => `secret of ${id}`),
      ...[...stores.registry.stored.names].flatMap(([name, { ownerId, repeated }]) =>
        stores.created.has(ownerId) && !sources.has(ownerId) && !repeated ? [`name ${name}`] : [],
      ),
      ...users.flatMap(({ deleted }) => deleted).filter(id => sources.has(id)),
    ]
    if (left.length > 0) verdict.broken('a deleted source leaves nothing', left.join())
  }

  function audit(users: readonly User[], machine: Machine): void {
    const { collectors, sources, names } = stores.registry.stored
    for (const source of sources.values()) {
      const settledMs = users.find(({ sourceId }) => sourceId() === source.id)?.settledMs() ?? 0
      for (const api of source.apis) {
        const task = stores.tasks.get({ sourceId: source.id, api })
        if (task) checkCollecting(task, settledMs)
        else verdict.broken('every API has its task', `${source.id}/${api}`)
      }
    }
    checkRest(users)
    checkGone(users)
    const alive = machine.alive()
    if (alive.length > 0) verdict.broken('every execution ends', alive.map(({ name }) => name).join())
    checkSecrecy(verdict, 'tables', [[...stores.tasks.items.values()], [...sources.values()]])
    checkSecrecy(verdict, 'names', [[...collectors.values()], [...names.keys()]])
    checkSecrecy(verdict, 'health', [...stores.healthEvents.histories.values().map(each => [...each])])
  }

  return { onTask, audit }
}
