import { beginAt, findStep } from '../../shared/domain/stream/step-over.ts'
import { changeHealthAfterAskedStep } from './health-changes.ts'
import type { Run } from './run.ts'

/**
 * Goes on from the time that an operator has asked for, if one has. To be called before the first page is requested, and
 * after what an earlier run may have left is adopted.
 */
export async function stepOverAsAsked(run: Run): Promise<void> {
  const { lease, ports } = run
  const { stepRequest } = lease.task
  if (!stepRequest) return
  const nowMs = ports.clock.now()
  const step = findStep(lease.task, nowMs, stepRequest)
  ports.log.warn('going on from the time that somebody has asked for', { ...stepRequest, ...step })
  const change = beginAt(lease.task, nowMs, stepRequest.to, step)
  await lease.save({ ...change, ...changeHealthAfterAskedStep(run, step) })
}
