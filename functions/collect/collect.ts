import type { TaskAddress } from '../../shared/contract/events.ts'
import type { RunOutcome, RunReport } from '../../shared/contract/log-messages.ts'
import { failureOf, type RunFailure, type TaskFault } from '../../shared/domain/failure/failure.ts'
import { isoOf } from '../../shared/domain/stream/timestamp.ts'
import { isOpen, toOpenedEvent } from '../../shared/domain/task/episode.ts'
import { releaseLease, renewTask } from '../../shared/domain/task/life.ts'
import { endedBadly, endedWell, parked, untouched } from '../../shared/domain/task/progress.ts'
import { begin, type Invocation } from './begin.ts'
import { adoptOpenEnd, drain } from './drain.ts'
import { closed, healed, tell, troubled } from './health.ts'
import { prepare, start } from './prepare.ts'
import { reportOf, reportOfNone } from './report.ts'
import {
  type CollectPorts,
  type CollectSettings,
  isOutdated,
  isSuperseded,
  nowIso,
  type Run,
  save,
} from './run.ts'

const faultOf = ({ type, code, message }: RunFailure, nowMs: number): TaskFault => ({
  type,
  code,
  info: message,
  at: isoOf(nowMs),
})

async function release(run: Run, drained: boolean): Promise<void> {
  if (run.released) return
  if (!drained && !run.answered) return save(run, untouched(run.openEnd))
  const now = nowIso(run)
  await save(run, { ...endedWell(run.task, now, drained, run.openEnd), ...healed(run, now, drained) })
}

/** For what only comes sooner by it: the next tick, or retry, does the same. */
async function soon(run: Run, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    run.ports.log.warn(`${what} waits for the next tick`, { reason: String(error) })
  }
}

const addressOf = ({ task: { collectorId, sourceId, api } }: Run): TaskAddress => ({
  collectorId,
  sourceId,
  api,
})

/** The task is free before its continuation is due. */
async function goOn(run: Run): Promise<void> {
  await release(run, false)
  if (run.events === 0 || isOutdated(run)) return
  await soon(run, 'the continuation', () =>
    run.ports.bus.publishDue([{ ...addressOf(run), reason: 'continuation' }]),
  )
}

/** The event that the update or restart sent met this run, so it is sent again. */
async function beginAnew(run: Run): Promise<void> {
  const { renewed = 0 } = run.task
  await soon(run, 'the update', async () => {
    await run.ports.tasks.apply(run.task, renewTask(renewed, nowIso(run)))
    await run.ports.bus.publishDue([{ ...addressOf(run), reason: 'updated' }])
  })
}

/** The source was updated and has this API no more. Should it have it again, the task goes on from its cursor. */
async function park(run: Run): Promise<RunOutcome> {
  const now = nowIso(run)
  const change = parked(run.task, run.registered.source.version, now, run.openEnd)
  await save(run, { ...change, ...closed(run, now) })
  return 'gone'
}

async function work(run: Run): Promise<RunOutcome> {
  await start(run)
  await adoptOpenEnd(run)
  if (!run.registered.source.apis.includes(run.api)) return park(run)
  await prepare(run)
  const outcome = await drain(run)
  if (outcome === 'continued') await goOn(run)
  else await release(run, true)
  return outcome
}

/** The state machine takes the task up from here; should the bus refuse, a tick tells it. */
async function tellOpened(run: Run): Promise<void> {
  const { episode } = run.task
  if (!isOpen(episode) || episode.attempts > 1 || isOutdated(run)) return
  await soon(run, 'the retry', () => run.ports.bus.publishOpened([toOpenedEvent(run.task, episode)]))
}

async function recordFailure(run: Run, error: unknown): Promise<RunOutcome> {
  if (run.unsure || isSuperseded(error)) throw error
  const failure = failureOf(error, 'collecting')
  const retrying = { newId: run.ports.random.uuid(), retryAfterMs: failure.retryAfterMs }
  const fault = faultOf(failure, run.ports.clock.now())
  const change = endedBadly(run.task, fault, run.openEnd, retrying)
  await save(run, { ...change, version: run.registered.source.version, ...troubled(run, change) })
  await tellOpened(run)
  return 'failed'
}

/** If the fence is still its own, it is the user who stopped the source: dispatch can complete that now. */
async function yieldTask(run: Run, error: unknown): Promise<RunOutcome> {
  if (!isSuperseded(error)) throw error
  const { sourceId, collectorId, api, fence } = run.task
  const { tasks, bus } = run.ports
  if (await tasks.apply({ sourceId, api }, releaseLease(fence)))
    await bus.publishStopping([{ collectorId, sourceId }])
  return 'superseded'
}

/**
 * One run of one task. A failure is recorded with the task and answered, not thrown; what is thrown could not be
 * recorded, and reaches the bus through the function's on-failure destination.
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
  if (typeof run === 'string') return reportOfNone(address, run, ports.clock.now() - startedMs)
  const outcome = await work(run)
    .catch(error => recordFailure(run, error))
    .catch(error => yieldTask(run, error))
  if (outcome !== 'superseded') await tell(run)
  if (outcome !== 'superseded' && isOutdated(run)) await beginAnew(run)
  return reportOf(run, outcome, startedMs)
}
