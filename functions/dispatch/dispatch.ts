import { tellHealth } from '../../shared/application/tell-health.ts'
import type { CollectionDue, SourceStopping } from '../../shared/contract/events.ts'
import type { TickReport } from '../../shared/contract/log-messages.ts'
import type { Measured } from '../../shared/contract/metrics.ts'
import { isOpen } from '../../shared/domain/task/episode.ts'
import { dueReason } from '../../shared/domain/task/life.ts'
import { isLeased, type Task } from '../../shared/domain/task/task.ts'
import type { Bus } from '../../shared/ports.ts'
import { createCensus } from './census.ts'
import { type DeletionPorts, finishDeletion } from './deletion.ts'
import { type NeglectPorts, neglectedOf, tendNeglected } from './neglected.ts'
import { upgradeOlder } from './older-tasks.ts'
import { throwAny } from './throw-any.ts'
import { tendWaiting } from './waiting.ts'

export interface DispatchPorts extends DeletionPorts, NeglectPorts {
  readonly clock: DeletionPorts['clock']
  readonly tasks: DeletionPorts['tasks']
  readonly registry: DeletionPorts['registry']
  readonly bus: Pick<Bus, 'publishDue' | 'publishHealth' | 'publishOpened'>
}

function dueOf(task: Task, nowMs: number): CollectionDue[] {
  const reason = dueReason(task, nowMs)
  const { collectorId, sourceId, api } = task
  return reason ? [{ collectorId, sourceId, api, reason }] : []
}

async function tended(ports: DispatchPorts, page: readonly Task[]): Promise<void> {
  const waiting = page.filter(task => task.halted || isOpen(task.episode))
  const ends = await Promise.allSettled(waiting.map(task => tendWaiting(ports, task)))
  const due = ends.flatMap(end => (end.status === 'fulfilled' && end.value ? [end.value] : []))
  if (due.length > 0) await ports.bus.publishDue(due)
  throwAny(ends)
}

/** Sources with a task that was stopped and that no run holds: their deletion was not completed. */
function stoppingOf(page: readonly Task[], nowMs: number): SourceStopping[] {
  const waiting = page.filter(task => task.state === 'Stopping' && !isLeased(task, nowMs))
  const bySource = new Map(waiting.map(({ collectorId, sourceId }) => [sourceId, { collectorId, sourceId }]))
  return [...bySource.values()]
}

async function tidied(ports: DispatchPorts, page: readonly Task[]): Promise<void> {
  const stopping = stoppingOf(page, ports.clock.now())
  throwAny(await Promise.allSettled(stopping.map(each => finishDeletion(ports, each))))
}

/** Changes of health that a run recorded with its task and did not live to tell. */
const hasUntold = ({ health }: Task): boolean => (health?.untold ?? []).length > 0

type Rescued = Pick<TickReport, 'abandoned' | 'unclaimed' | 'silent' | 'overdue'>

/** What it does as the watchman. */
const workOf = ({ abandoned, unclaimed, silent, overdue }: Rescued): Measured => ({
  abandoned,
  unclaimed,
  silent,
  overdue,
  rescued: abandoned + unclaimed + silent + overdue,
})

interface Tick extends TickReport {
  readonly metrics: Measured
}

/**
 * One tick: puts a CollectionDue event on the bus for every task that is due, and makes up for what a run, an
 * update or a delete left undone. Throws if some of it failed for good, after the rest is done and `onEnd` was told.
 */
export async function dispatch(ports: DispatchPorts, onEnd: (tick: Tick) => void = () => {}): Promise<Tick> {
  const { clock, tasks, bus } = ports
  const census = createCensus()
  const startedMs = clock.now()
  const report = { tasks: 0, due: 0, abandoned: 0, unclaimed: 0, silent: 0, overdue: 0 }
  const failures: unknown[] = []
  const attempt = async (work: Promise<void>): Promise<void> => {
    await work.catch(error => failures.push(error))
  }
  for await (const found of tasks.pages()) {
    const { page, failures: notUpgraded } = await upgradeOlder(ports, found)
    failures.push(...notUpgraded)
    const due = page.flatMap(task => dueOf(task, clock.now()))
    await attempt(bus.publishDue(due))
    for (const task of page.filter(hasUntold)) await attempt(tellHealth(ports, task))
    const neglected = neglectedOf(page, clock.now())
    await attempt(tendNeglected(ports, neglected))
    await attempt(tended(ports, page))
    await attempt(tidied(ports, page))
    census.add(found, clock.now())
    report.tasks += found.length
    report.due += due.length
    report.abandoned += due.filter(({ reason }) => reason === 'abandoned').length
    for (const { neglect } of neglected) report[neglect]++
  }
  const metrics = { ...census.read(), ...workOf(report) }
  const tick = { ...report, durationMs: clock.now() - startedMs, metrics }
  onEnd(tick)
  if (failures.length > 0) {
    throw new AggregateError(failures, `not all was done, the next tick tries again: ${failures[0]}`)
  }
  return tick
}
