import type { CollectionDue } from '../../shared/contract/events.ts'
import type { TickReport } from '../../shared/contract/log-messages.ts'
import { dueReason, type Task } from '../../shared/domain/task.ts'
import type { Ports } from '../../shared/ports.ts'

export type DispatchPorts = Pick<Ports, 'clock' | 'tasks' | 'bus'>

function dueOf(task: Task, nowMs: number): CollectionDue[] {
  const reason = dueReason(task, nowMs)
  const { collectorId, sourceId, api } = task
  return reason ? [{ collectorId, sourceId, api, reason }] : []
}

/**
 * One tick: puts a CollectionDue event on the bus for every task that is due. Throws if the bus refuses some for good,
 * after the others are on it.
 */
export async function dispatch({ clock, tasks, bus }: DispatchPorts): Promise<TickReport> {
  const startedMs = clock.now()
  const report = { tasks: 0, due: 0, abandoned: 0 }
  const refusals: unknown[] = []
  for await (const page of tasks.pages()) {
    const due = page.flatMap(task => dueOf(task, clock.now()))
    await bus.publishDue(due).catch(error => refusals.push(error))
    report.tasks += page.length
    report.due += due.length
    report.abandoned += due.filter(({ reason }) => reason === 'abandoned').length
  }
  if (refusals.length > 0) {
    throw new AggregateError(
      refusals,
      `not all tasks were dispatched, the next tick tries again: ${refusals[0]}`,
    )
  }
  return { ...report, durationMs: clock.now() - startedMs }
}
