import type { CollectionDue } from '../../shared/contract/events.ts'
import type { RunOutcome, RunReport } from '../../shared/contract/log-messages.ts'
import { failureOf, type RunFailure, type TaskFault } from '../../shared/domain/failure.ts'
import { endedBadly, endedWell, untouched } from '../../shared/domain/progress.ts'
import { drain } from './drain.ts'
import { prepare } from './prepare.ts'
import { reportOf, reportOfNone } from './report.ts'
import { begin, type CollectPorts, type CollectSettings, isSuperseded, type Run, save } from './run.ts'

const faultOf = ({ type, code, message }: RunFailure, nowMs: number): TaskFault => ({
  type,
  code,
  info: message,
  at: new Date(nowMs).toISOString(),
})

async function release(run: Run, drained: boolean): Promise<void> {
  if (run.released) return
  const now = new Date(run.ports.clock.now()).toISOString()
  const asked = drained || run.pages > 0
  await save(run, asked ? endedWell(run.task, now, drained, run.openEnd) : untouched(run.openEnd))
}

/** The task is free before its continuation is due; should the event get lost, the next tick says the same. */
async function goOn(run: Run, due: CollectionDue): Promise<void> {
  await release(run, false)
  if (run.events === 0) return
  try {
    await run.ports.bus.publishDue([{ ...due, reason: 'continuation' }])
  } catch (error) {
    run.ports.log.warn('continuation not published, the next tick goes on', { reason: String(error) })
  }
}

async function work(run: Run, due: CollectionDue): Promise<RunOutcome> {
  await prepare(run)
  const outcome = await drain(run)
  if (outcome === 'continued') await goOn(run, due)
  else await release(run, true)
  return outcome
}

async function recordFailure(run: Run, error: unknown): Promise<RunOutcome> {
  if (isSuperseded(error)) throw error
  const fault = faultOf(failureOf(error, 'collecting'), run.ports.clock.now())
  await save(run, endedBadly(run.task, fault, run.openEnd))
  return 'failed'
}

function supersededOrThrow(error: unknown): RunOutcome {
  if (isSuperseded(error)) return 'superseded'
  throw error
}

/**
 * One run of one task. A failure is recorded with the task and answered, not thrown; what is thrown could not be
 * recorded, and reaches the bus through the function's on-failure destination.
 */
export async function collect(
  ports: CollectPorts,
  settings: CollectSettings,
  due: CollectionDue,
  deadlineMs: number,
): Promise<RunReport> {
  const startedMs = ports.clock.now()
  const { collectorId, sourceId, api } = due
  const registered = await ports.registry.registered(collectorId, sourceId)
  if (!registered?.source.apis.includes(api)) return reportOfNone(due, 'gone', ports.clock.now() - startedMs)
  const run = await begin(ports, settings, registered, { sourceId, api }, deadlineMs)
  if (!run) return reportOfNone(due, 'busy', ports.clock.now() - startedMs)
  const outcome = await work(run, due)
    .catch(error => recordFailure(run, error))
    .catch(supersededOrThrow)
  return reportOf(run, outcome, startedMs)
}
