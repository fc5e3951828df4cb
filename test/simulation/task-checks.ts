import { isOpen } from '../../shared/domain/task/episode.ts'
import { isOwnedBy } from '../../shared/domain/task/lease-owner.ts'
import { illegalCombinations } from '../../shared/domain/task/life.ts'
import { isLeased, type Task } from '../../shared/domain/task/task.ts'
import { clocksMs, createEpisodeChecks, type EpisodeCheckParts } from './episode-checks.ts'
import type { Process } from './process.ts'
import { createRefusalChecks, type RefusalCheckParts } from './refusal-checks.ts'
import { type OnTask, type TaskEffect, taskName } from './stores.ts'

export interface TaskChecks {
  readonly onTask: OnTask
  /** Looks for episodes that nobody gives up, and for work without end. The simulation calls it every ten minutes. */
  look(): void
  /** Episodes that were opened, quit and recovered from. */
  readonly episodes: { opened: number; quit: number; recovered: number }
}

type TaskCheckParts = EpisodeCheckParts & RefusalCheckParts

/** Checks that only the process that leased a task last saves it, and nobody after the task was taken over. */
function createFences({ verdict }: TaskCheckParts) {
  /** The process that may save each task. */
  const held = new Map<string, Process>()
  return ({ process, method, before, after }: TaskEffect): void => {
    if (!before || !after || before === after) return
    const name = taskName(after)
    if (method === 'lease') held.set(name, process)
    if (method === 'takeOver') held.delete(name)
    if (method === 'save' && held.get(name) !== process) {
      verdict.broken(
        'no two runs of one task commit',
        `${process.name} saves ${name}, which was taken from it`,
      )
    }
  }
}

function checkAcquired({ verdict, now, plan }: TaskCheckParts, { process, before, after }: TaskEffect): void {
  if (!before || !after || before === after) return
  const who = `${process.name} takes ${taskName(after)}`
  if (before.halted) verdict.broken('a halted task makes no run', who)
  if (isOpen(before.episode) && before.episode.execution !== process.execution) {
    verdict.broken("in an episode a task is its one execution's", who)
  }
  if (before.state === 'Stopping') verdict.broken('a stopped task makes no run', who)
  if (isLeased(before, now() - clocksMs(plan)) && isLeased(before, now() + clocksMs(plan))) {
    const isRepeated = isOwnedBy(before, process.requestId) && after.leaseOwner === before.leaseOwner
    if (!isRepeated) verdict.broken('one run of a task at a time', who)
  }
}

/** Checks that the object of a page exists before the page is committed. */
function checkCommit({ stores, verdict }: TaskCheckParts, { before, after }: TaskEffect): void {
  const key = after?.lastObjectKey
  if (key === undefined || key === before?.lastObjectKey || stores.lake.wasPut(key)) return
  verdict.broken(
    'delivered before it is committed',
    `${taskName(after as Task)} names ${key}, which is not there`,
  )
}

/**
 * One refusal throws no cursor away. A new base URL does, a page that cannot be read, and the commit of an object that
 * leads to no other one: it never had a next cursor, or that lay beside it and is gone.
 */
function checkReset({ verdict }: TaskCheckParts, { process, before, after }: TaskEffect): void {
  if (!before || !after || before.chain === after.chain || before.refusedPlace !== undefined) return
  const isUnreadable = before.pageLimit !== after.pageLimit || before.unreadable !== after.unreadable
  if (isUnreadable || before.baseUrl !== after.baseUrl || before.accountUuid !== after.accountUuid) return
  if (before.lastObjectKey !== after.lastObjectKey || before.pages !== after.pages) return
  verdict.broken('a cursor is replaced after two refusals', `${process.name}: ${taskName(after)}`)
}

/**
 * More runs of a task than ticks, retries and users can cause, even if all are doubled. A task with more causes its own
 * runs.
 */
const MOST_RUNS = 60

/** Counts the runs of each task between two calls of `look`. */
function createWork({ verdict }: TaskCheckParts) {
  const runs = new Map<string, number>()
  return {
    onAcquired({ before, after }: TaskEffect): void {
      if (!after || before === after) return
      const name = taskName(after)
      const count = (runs.get(name) ?? 0) + 1
      runs.set(name, count)
      if (count > MOST_RUNS)
        verdict.broken('work is bounded', `${name} is taken ${count} times in 10 minutes`)
    },
    look: () => runs.clear(),
  }
}

/** Watches every effect on every task. */
export function createTaskChecks(parts: TaskCheckParts): TaskChecks {
  const checkFence = createFences(parts)
  const episodes = createEpisodeChecks(parts)
  const checkRefusal = createRefusalChecks(parts)
  const work = createWork(parts)
  return {
    episodes: episodes.counts,
    look() {
      episodes.lookForForgotten()
      work.look()
    },
    onTask(effect) {
      const { method, before, after, process } = effect
      checkFence(effect)
      if (method === 'lease') {
        checkAcquired(parts, effect)
        work.onAcquired(effect)
      }
      checkCommit(parts, effect)
      if (method === 'save') checkReset(parts, effect)
      checkRefusal(effect)
      episodes.onTask(effect)
      if (!after || before === after) return
      for (const contradiction of illegalCombinations(after)) {
        parts.verdict.broken(
          'a task does not contradict itself',
          `${process.name}: ${taskName(after)} ${contradiction}`,
        )
      }
    },
  }
}
