import { publishHealth } from '../../shared/application/publish-health.ts'
import type { CollectionDue, SourceStopping } from '../../shared/contract/events.ts'
import { finishAll, throwFailures } from '../../shared/domain/failure/combined-failure.ts'
import { dueReason, type TaskCondition, taskCondition } from '../../shared/domain/task/life.ts'
import { isLeased, type Task } from '../../shared/domain/task/task.ts'
import { NO_COUNTS, type TickCounts } from '../../shared/domain/tick/tick-part.ts'
import type { Bus } from '../../shared/ports.ts'
import { type DeletionPorts, finishDeletion } from './deletion.ts'
import { applyMissedUpdate } from './missed-update.ts'
import { upgradeOlder } from './older-tasks.ts'
import { listOverdueWork, type OverdueWorkPorts, repairOverdueWork } from './overdue-work.ts'
import { askForLooks } from './quiet-looks.ts'

export interface PagePorts extends DeletionPorts, OverdueWorkPorts {
  readonly clock: DeletionPorts['clock']
  readonly tasks: DeletionPorts['tasks']
  readonly registry: DeletionPorts['registry']
  readonly bus: Pick<Bus, 'publishDue' | 'publishHealth' | 'publishOpened'>
}

function toDueEvents(task: Task, nowMs: number): CollectionDue[] {
  const reason = dueReason(task, nowMs)
  const { collectorId, sourceId, api } = task
  return reason ? [{ collectorId, sourceId, api, reason }] : []
}

/** In these conditions no tick dispatches a task, so no run sees that its source was updated, restarted or deleted. */
const NOT_COLLECTED: ReadonlySet<TaskCondition> = new Set(['retrying', 'givenUp', 'misconfigured', 'parked'])

async function applyMissedUpdates(ports: PagePorts, page: readonly Task[]): Promise<void> {
  const waiting = page.filter(task => NOT_COLLECTED.has(taskCondition(task)))
  const ends = await Promise.allSettled(waiting.map(task => applyMissedUpdate(ports, task)))
  const due = ends.flatMap(end => (end.status === 'fulfilled' && end.value ? [end.value] : []))
  if (due.length > 0) await ports.bus.publishDue(due)
  throwFailures(ends)
}

/** Returns the sources with a task that was stopped and is not leased: their deletion was not completed. */
function listUnfinishedDeletions(page: readonly Task[], nowMs: number): SourceStopping[] {
  const waiting = page.filter(task => task.state === 'Stopping' && !isLeased(task, nowMs))
  const bySource = new Map(waiting.map(({ collectorId, sourceId }) => [sourceId, { collectorId, sourceId }]))
  return [...bySource.values()]
}

async function finishDeletions(ports: PagePorts, page: readonly Task[]): Promise<void> {
  const stopping = listUnfinishedDeletions(page, ports.clock.now())
  await finishAll(stopping.map(each => finishDeletion(ports, each)))
}

/** Whether a run has saved changes of health with its task and died before it published them. */
const hasUnpublishedHealth = ({ health }: Task): boolean => (health?.untold ?? []).length > 0

function countPage(
  found: readonly Task[],
  due: readonly CollectionDue[],
  overdue: ReturnType<typeof listOverdueWork>,
): TickCounts {
  const leaseExpired = due.filter(({ reason }) => reason === 'abandoned').length
  const counts = { ...NO_COUNTS, tasks: found.length, due: due.length, leaseExpired }
  for (const { kind } of overdue) counts[kind]++
  return counts
}

export interface PageOptions {
  /** How often a task that waits for its user is looked at. 0: never. */
  readonly quietLookMs: number
  /** How many tasks are published in a second at most. */
  readonly perSecond: number
}

export interface PageEnd {
  readonly counts: TickCounts
  readonly failures: readonly unknown[]
}

/**
 * What a tick does for one page of tasks: publishes a CollectionDue event for every task that is due, and meanwhile does
 * what a run, an update or a deletion left undone. If some of it fails, the rest is done.
 */
export async function workOnPage(
  ports: PagePorts,
  found: readonly Task[],
  { quietLookMs, perSecond }: PageOptions,
): Promise<PageEnd> {
  const { clock, bus } = ports
  const { page, failures: notUpgraded } = await upgradeOlder(ports, found)
  const failures = [...notUpgraded]
  const attempt = async (work: Promise<void>): Promise<void> => {
    await work.catch(error => failures.push(error))
  }
  const due = page.flatMap(task => toDueEvents(task, clock.now()))
  const publishing = attempt(bus.publishDue(due, perSecond))
  for (const task of page.filter(hasUnpublishedHealth)) await attempt(publishHealth(ports, task))
  const overdue = listOverdueWork(page, clock.now())
  await attempt(repairOverdueWork(ports, overdue))
  await attempt(applyMissedUpdates(ports, page))
  await attempt(askForLooks(ports, page, quietLookMs))
  await attempt(finishDeletions(ports, page))
  await publishing
  return { counts: countPage(found, due, overdue), failures }
}
