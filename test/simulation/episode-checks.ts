import { TICK_MINUTES } from '../../shared/contract/timing.ts'
import { type Episode, isOpen } from '../../shared/domain/task/episode.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { AwsOutages } from './aws-outages.ts'
import type { FaultPlan } from './fault-plan.ts'
import { DELAYING } from './faults.ts'
import { type Stores, type TaskEffect, taskName } from './stores.ts'
import type { Verdict } from './verdict.ts'
import type { Outage } from './weather.ts'

export interface EpisodeCheckParts {
  readonly stores: Stores
  readonly plan: FaultPlan
  readonly verdict: Verdict
  readonly now: () => number
  readonly awsOutages: AwsOutages
  /** Outages of the account of a source's stream. */
  readonly outagesOf: (task: Task) => readonly Outage[]
}

const MINUTE_MS = 60_000

/** The documented time. It is written here again, so that a wrong constant of the product is found. */
const EPISODE_MS = 90 * MINUTE_MS
const QUIT_GRACE_MS = 2 * MINUTE_MS

/** How much the clocks of two instances differ at most. */
export const clocksMs = ({ active }: FaultPlan): number =>
  active.has('clocks-minutes') ? 21 * MINUTE_MS : 10_000

/**
 * Whether the account failed during the whole episode. A retry every five minutes may miss a short gap between outages.
 */
function isCovered(outages: readonly Outage[], { startedMs, quitMs = 0 }: Episode): boolean {
  let reachedMs = startedMs + MINUTE_MS
  for (const { fromMs, toMs } of outages.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (fromMs <= reachedMs + 6 * MINUTE_MS) reachedMs = Math.max(reachedMs, toMs)
  }
  return reachedMs >= quitMs - 6 * MINUTE_MS
}

function checkQuit(parts: EpisodeCheckParts, task: Task, episode: Episode, openMs: number): void {
  const { plan, verdict, outagesOf } = parts
  const { startedMs, quitMs = 0 } = episode
  const tookMs = parts.now() - openMs
  const what = `${taskName(task)} quits after ${(tookMs / MINUTE_MS).toFixed(2)} minutes`
  if (quitMs - startedMs < EPISODE_MS - clocksMs(plan))
    verdict.broken('quits between 90 and 92 minutes', what)
  const isDelayed = [...plan.active].some(fault => DELAYING.has(fault))
  if (!isDelayed && tookMs > EPISODE_MS + QUIT_GRACE_MS) {
    verdict.broken('quits between 90 and 92 minutes', what)
  }
  const isOutage = plan.active.has('api-outages') && !isDelayed && !plan.active.has('api-errors')
  if (isOutage && !isCovered(outagesOf(task), episode)) {
    verdict.broken('an outage of less than 90 minutes needs no help', what)
  }
}

/** Returns when a table was last down. Nobody can give up a task in time while its table is down. */
function createExcuse({ awsOutages, now }: EpisodeCheckParts): () => number {
  let lastMs = 0
  return () => {
    const nowMs = now()
    if (awsOutages.isDown('tasks.takeOver', nowMs) || awsOutages.isDown('registry.registered', nowMs))
      lastMs = nowMs
    return lastMs
  }
}

/** Watches how episodes begin and end. */
export function createEpisodeChecks(parts: EpisodeCheckParts) {
  const excusedMs = createExcuse(parts)
  const { stores, plan, verdict, now } = parts
  const counts = { opened: 0, quit: 0, recovered: 0 }
  /** When an episode of this id was first seen. */
  const seenMs = new Map<string, number>()
  const isDelayed = [...plan.active].some(fault => DELAYING.has(fault))
  // If ticks and state machines have faults, a task may be given up several ticks late.
  const graceMs = QUIT_GRACE_MS + (isDelayed ? 6 * TICK_MINUTES : TICK_MINUTES) * MINUTE_MS + clocksMs(plan)

  function onTask({ before, after }: TaskEffect): void {
    if (before === after) return
    const [was, is] = [before?.episode, after?.episode]
    // A run in flight may bring back the episode that a restart has just ended, until it sees that.
    if (is && !seenMs.has(is.id)) {
      counts.opened++
      seenMs.set(is.id, now())
      if (Math.abs(now() - is.startedMs) > Math.max(MINUTE_MS, clocksMs(plan))) {
        verdict.broken('an episode begins with its first failed run', JSON.stringify(is))
      }
    }
    if (after && is?.quitMs !== undefined && was?.quitMs === undefined) {
      counts.quit++
      checkQuit(parts, after, is, seenMs.get(is.id) ?? is.startedMs)
    }
    if (isOpen(was) && !is && after?.state === 'Collecting') counts.recovered++
  }

  function lookForForgotten(): void {
    if (now() < excusedMs() + graceMs) return
    for (const task of stores.tasks.items.values()) {
      const { episode, state } = task
      if (!isOpen(episode) || state === 'Stopping') continue
      const ageMs = now() - (seenMs.get(episode.id) ?? now())
      if (ageMs < EPISODE_MS + graceMs) continue
      verdict.broken(
        'quits between 90 and 92 minutes',
        `${taskName(task)} is retried for ${ageMs / MINUTE_MS} minutes`,
      )
    }
  }
  return { counts, onTask, lookForForgotten }
}
