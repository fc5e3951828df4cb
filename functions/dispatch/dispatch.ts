import { publishHealth } from '../../shared/application/publish-health.ts'
import type { CollectionDue, SourceStopping } from '../../shared/contract/events.ts'
import type { TickReport } from '../../shared/contract/log-messages.ts'
import type { Measured } from '../../shared/contract/metrics.ts'
import { finishAll, nameFailures, throwFailures } from '../../shared/domain/failure/combined-failure.ts'
import { dueReason, type TaskCondition, taskCondition } from '../../shared/domain/task/life.ts'
import { isLeased, type Task } from '../../shared/domain/task/task.ts'
import type { Bus, TaskPage } from '../../shared/ports.ts'
import { createCensus } from './census.ts'
import { type DeletionPorts, finishDeletion } from './deletion.ts'
import { applyMissedUpdate } from './missed-update.ts'
import { upgradeOlder } from './older-tasks.ts'
import { listOverdueWork, type OverdueWorkPorts, repairOverdueWork } from './overdue-work.ts'
import { askForLooks } from './quiet-looks.ts'

export interface DispatchPorts extends DeletionPorts, OverdueWorkPorts {
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

async function applyMissedUpdates(ports: DispatchPorts, page: readonly Task[]): Promise<void> {
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

async function finishDeletions(ports: DispatchPorts, page: readonly Task[]): Promise<void> {
  const stopping = listUnfinishedDeletions(page, ports.clock.now())
  await finishAll(stopping.map(each => finishDeletion(ports, each)))
}

/** Whether a run has saved changes of health with its task and died before it published them. */
const hasUnpublishedHealth = ({ health }: Task): boolean => (health?.untold ?? []).length > 0

async function* readPages(tasks: DispatchPorts['tasks']): AsyncGenerator<readonly Task[]> {
  let page: TaskPage | undefined
  do {
    page = await tasks.scan({ after: page?.last })
    yield page.tasks
  } while (page.last)
}

type OverdueWorkFound = Pick<TickReport, 'leaseExpired' | 'claimMissing' | 'executionLost' | 'episodeOverdue'>

const countOverdueWork = (found: OverdueWorkFound): Measured => {
  const { leaseExpired, claimMissing, executionLost, episodeOverdue } = found
  const overdueWork = leaseExpired + claimMissing + executionLost + episodeOverdue
  return { leaseExpired, claimMissing, executionLost, episodeOverdue, overdueWork }
}

interface Tick extends TickReport {
  readonly metrics: Measured
}

export interface TickOptions {
  readonly onEnd?: (tick: Tick) => void
  /** How often a task that waits for its user is looked at. @default - never */
  readonly quietLookMs?: number
}

/**
 * One tick: publishes a CollectionDue event for every task that is due, and does what a run, an update or a deletion
 * left undone. If some of it fails, the rest is done and `onEnd` is called before it throws.
 */
export async function dispatch(
  ports: DispatchPorts,
  { onEnd = () => {}, quietLookMs = 0 }: TickOptions = {},
): Promise<Tick> {
  const { clock, tasks, bus } = ports
  const census = createCensus()
  const startedMs = clock.now()
  const report = { tasks: 0, due: 0, leaseExpired: 0, claimMissing: 0, executionLost: 0, episodeOverdue: 0 }
  const failures: unknown[] = []
  const attempt = async (work: Promise<void>): Promise<void> => {
    await work.catch(error => failures.push(error))
  }
  for await (const found of readPages(tasks)) {
    const { page, failures: notUpgraded } = await upgradeOlder(ports, found)
    failures.push(...notUpgraded)
    const due = page.flatMap(task => toDueEvents(task, clock.now()))
    await attempt(bus.publishDue(due))
    for (const task of page.filter(hasUnpublishedHealth)) await attempt(publishHealth(ports, task))
    const overdue = listOverdueWork(page, clock.now())
    await attempt(repairOverdueWork(ports, overdue))
    await attempt(applyMissedUpdates(ports, page))
    await attempt(askForLooks(ports, page, quietLookMs))
    await attempt(finishDeletions(ports, page))
    census.add(found, clock.now())
    report.tasks += found.length
    report.due += due.length
    report.leaseExpired += due.filter(({ reason }) => reason === 'abandoned').length
    for (const { kind } of overdue) report[kind]++
  }
  const metrics = { ...census.read(), ...countOverdueWork(report) }
  const tick = { ...report, durationMs: clock.now() - startedMs, metrics }
  onEnd(tick)
  if (failures.length > 0) {
    throw new AggregateError(
      failures,
      `not all was done, the next tick tries again: ${nameFailures(failures)}`,
    )
  }
  return tick
}
