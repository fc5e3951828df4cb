import type { TaskFault } from '../../shared/domain/failure/failure.ts'
import type { HealthEvent, HealthSubject } from '../../shared/domain/task/health-event.ts'
import { healedHealth, type TaskHealth, troubledHealth } from '../../shared/domain/task/task-health.ts'

export const SUBJECT: HealthSubject = {
  collectorId: 100000001,
  sourceId: 100000002,
  api: 'sign-in',
  collectorName: 'Team',
  sourceName: '1Pass',
}

export const aFault = (change: Partial<TaskFault> = {}): TaskFault => ({
  type: 'ThirdPartyConfig',
  code: 401,
  info: '401: {"Error":{"Message":"Unauthorized"}} — Update api_token.',
  at: '2026-03-01T12:00:00.000Z',
  ...change,
})

/** Returns the health of a task after trouble. `healedAt`: when the trouble ended, if it ended. */
export function healthAfter(
  { subject = SUBJECT, fault = aFault(), health = undefined as TaskHealth | undefined } = {},
  healedAt?: string,
): TaskHealth {
  const troubled = troubledHealth(health, subject, fault) ?? health
  const healed =
    healedAt === undefined
      ? troubled
      : healedHealth(troubled, subject, { reason: 'collecting', at: healedAt })
  if (!healed) throw new Error('there is no health to speak of')
  return healed
}

/**
 * Returns which trackers are open after these events. Throws if trouble and recovery do not alternate for each source
 * and tracker, or if recovery comes first.
 */
export function openAfter(events: readonly HealthEvent[]): string[] {
  const open = new Set<string>()
  for (const { status, details, resourceIdentity } of events) {
    const tracker = `${Number.parseInt(resourceIdentity.id, 16)} ${details.trackerId}`
    if (open.has(tracker) === (status === 'UnHealthy')) throw new Error(`${tracker} is ${status} twice`)
    if (status === 'UnHealthy') open.add(tracker)
    else open.delete(tracker)
  }
  return [...open]
}
