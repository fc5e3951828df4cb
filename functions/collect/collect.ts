import type { TaskAddress } from '../../shared/contract/events.ts'
import type { RunOutcome, RunReport } from '../../shared/contract/log-messages.ts'
import { type RunFailure, type TaskFault, toFailure } from '../../shared/domain/failure/failure.ts'
import { loggableError } from '../../shared/domain/failure/loggable-error.ts'
import { maskText } from '../../shared/domain/failure/masking.ts'
import { isOpen, toOpenedEvent } from '../../shared/domain/task/episode.ts'
import { releaseLease, renewTask } from '../../shared/domain/task/life.ts'
import { endedBadly, parked, untouched } from '../../shared/domain/task/progress.ts'
import { adoptUnknownObjects } from './adopt.ts'
import { stepOverAsAsked } from './asked-step.ts'
import { begin, type Invocation } from './begin.ts'
import { leavePlace } from './blocked-place.ts'
import type { CollectPorts, CollectSettings } from './collect-ports.ts'
import { changeAtEnd, type OnCommitted } from './commit.ts'
import { drain } from './drain.ts'
import { isUnreadablePage } from './fetch-page.ts'
import { changeHealthAfterFailure, closeHealthOfParked, tryToPublishHealth } from './health-changes.ts'
import { isSuperseded } from './lease.ts'
import { listSecrets, logFailure } from './log-failure.ts'
import { prepare, start } from './prepare.ts'
import { createReport, createReportOfNone, type RunEnd } from './report.ts'
import { isOutdated, nowIso, type Run } from './run.ts'
import { addPage, hasAdvanced, NOTHING_COMMITTED } from './tally.ts'

const toFault = (run: Run, { type, code, message, where }: RunFailure): TaskFault => ({
  type,
  code,
  info: maskText(message, listSecrets(run)),
  at: nowIso(run),
  ...(where && { where }),
})

const toAddress = ({ lease: { task } }: Run): TaskAddress => ({
  collectorId: task.collectorId,
  sourceId: task.sourceId,
  api: task.api,
})

/** Gives the lease back, after a run that went well. */
async function saveEnd(run: Run, { isDrained }: { readonly isDrained: boolean }): Promise<void> {
  const { lease } = run
  await lease.save(changeAtEnd(run, { isDrained, mayHaveObject: lease.mayHaveUncommittedObject }))
}

/** Does optional work. If it fails, the next tick or retry does the same work, so the failure is only logged. */
async function tryTo(run: Run, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    run.ports.log.warn(`${what} waits for the next tick`, { error: loggableError(error, listSecrets(run)) })
  }
}

/** Has the task collected again at once, because events are left. It is free by then. */
const publishContinuation = (run: Run): Promise<void> =>
  tryTo(run, 'the continuation', () =>
    run.ports.bus.publishDue([{ ...toAddress(run), reason: 'continuation' }]),
  )

/** The user updated or restarted the source. The event of that found the task leased by this run, so it is sent again. */
async function beginAnew(run: Run): Promise<void> {
  const { task } = run.lease
  await tryTo(run, 'the update', async () => {
    await run.ports.tasks.apply(task, renewTask(task.renewed ?? 0, nowIso(run)))
    await run.ports.bus.publishDue([{ ...toAddress(run), reason: 'updated' }])
  })
}

/** The source was updated and no longer has this API. If it has it again, the task goes on from its cursor. */
async function park(run: Run): Promise<RunOutcome> {
  const { lease, registered } = run
  const now = nowIso(run)
  const change = parked(lease.task, registered.source.version, now, lease.mayHaveUncommittedObject)
  await lease.save({ ...change, ...closeHealthOfParked(run, now) })
  return 'gone'
}

/** The run has asked for no page, for want of time: the next one does. */
async function giveBack({ lease }: Run): Promise<RunOutcome> {
  await lease.save(untouched(lease.mayHaveUncommittedObject))
  return 'continued'
}

async function collectPages(run: Run, onCommitted: OnCommitted): Promise<RunOutcome> {
  await start(run)
  const { lease, registered } = run
  const adoption = await adoptUnknownObjects(run, onCommitted).catch(error => leavePlace(run, error))
  if (adoption === 'unfinished') return giveBack(run)
  if (!registered.source.apis.includes(lease.task.api)) return park(run)
  await prepare(run)
  await stepOverAsAsked(run)
  const end = await drain(run, onCommitted)
  if (end === 'unasked') return giveBack(run)
  if (end === 'drained' || end === 'continued') await saveEnd(run, { isDrained: end === 'drained' })
  return end === 'drained' || end === 'released' ? 'drained' : 'continued'
}

/** From here on the state machine retries the task. If the bus refuses the event, a tick sends it again. */
async function publishOpened(run: Run): Promise<void> {
  const { task } = run.lease
  const { episode } = task
  if (!isOpen(episode) || episode.attempts > 1 || isOutdated(run)) return
  await tryTo(run, 'the retry', () => run.ports.bus.publishOpened([toOpenedEvent(task, episode)]))
}

async function recordFailure(run: Run, error: unknown): Promise<RunOutcome> {
  const { lease, ports } = run
  if (lease.isUnsure || isSuperseded(error)) throw error
  const failure = toFailure(isUnreadablePage(error) ? error.failure : error, 'collecting')
  logFailure(run, failure)
  const retrying = { newId: ports.random.uuid(), retryAfterMs: failure.retryAfterMs }
  const fault = toFault(run, failure)
  const change = endedBadly(lease.task, fault, lease.mayHaveUncommittedObject, retrying)
  const { version } = run.registered.source
  await lease.save({ ...change, version, ...changeHealthAfterFailure(run, change) })
  await publishOpened(run)
  return 'failed'
}

/** If the lease is still this run's, it was the user who stopped the source: dispatch can complete the deletion now. */
async function yieldTask({ lease, ports }: Run, error: unknown): Promise<RunOutcome> {
  if (!isSuperseded(error)) throw error
  const { sourceId, collectorId, api, fence } = lease.task
  const released = await ports.tasks.apply({ sourceId, api }, releaseLease(fence))
  if (released) await ports.bus.publishStopping([{ collectorId, sourceId }])
  return 'superseded'
}

async function work(run: Run): Promise<RunEnd> {
  let tally = NOTHING_COMMITTED
  const outcome = await collectPages(run, (record, filtered) => {
    tally = addPage(tally, record, filtered)
  })
    .catch(error => recordFailure(run, error))
    .catch(error => yieldTask(run, error))
  if (outcome === 'continued' && hasAdvanced(tally) && !isOutdated(run)) await publishContinuation(run)
  return { outcome, tally }
}

/**
 * One run of one task. A failure is recorded with the task and returned, not thrown. What is thrown could not be recorded,
 * and reaches the bus through the function's on-failure destination.
 */
export async function collect(
  ports: CollectPorts,
  settings: CollectSettings,
  address: TaskAddress,
  invocation: Invocation,
): Promise<RunReport> {
  const startedMs = ports.clock.now()
  const run = await begin(ports, settings, address, invocation)
  if (run === 'gone') {
    await ports.bus.publishStopping([{ collectorId: address.collectorId, sourceId: address.sourceId }])
  }
  if (typeof run === 'string') return createReportOfNone(address, run, ports.clock.now() - startedMs)
  const end = await work(run)
  if (end.outcome !== 'superseded') await tryToPublishHealth(ports, run.lease.task)
  if (end.outcome !== 'superseded' && isOutdated(run)) await beginAnew(run)
  return createReport(run, end, startedMs)
}
