import type { CollectionDue } from '../../shared/contract/events.ts'
import type { LookReport } from '../../shared/contract/log-messages.ts'
import { loggableError } from '../../shared/domain/failure/loggable-error.ts'
import { taskCondition } from '../../shared/domain/task/life.ts'
import { reviveTask } from '../../shared/domain/task/quiet-look.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import { createRun, type Invocation } from './begin.ts'
import type { CollectPorts, CollectSettings } from './collect-ports.ts'
import { healOfLook, tryToPublishHealth } from './health-changes.ts'
import { listSecrets } from './log-failure.ts'
import { introspect, requireAllowedHost } from './prepare.ts'
import { nowIso, type Run } from './run.ts'

/** The source has not changed since the task was introspected, and the token is of another account than before. */
function isOtherAccount(
  { lease: { task }, registered: { source } }: Run,
  found: string | undefined,
): boolean {
  const isSame = task.introspected === source.version && task.baseUrl === source.baseUrl
  const { accountUuid } = task
  return isSame && accountUuid !== undefined && found !== undefined && found !== accountUuid
}

const NOTHING_NEW = 'a look has found nothing new'

/** Whether 1Password takes the token, and the token can do what the task needs. Logs why not. */
async function isServed(run: Run): Promise<boolean> {
  try {
    requireAllowedHost(run)
    run.ports.tokens.forget(run.registered.source.id)
    const { accountUuid } = await introspect(run)
    if (!isOtherAccount(run, accountUuid)) return true
    run.ports.log.info(NOTHING_NEW, { why: 'the token is of another account' })
  } catch (error) {
    run.ports.log.info(NOTHING_NEW, { error: loggableError(error, listSecrets(run)) })
  }
  return false
}

/** The task is due at once. If the bus refuses the event, the next tick collects the task. */
async function revive(run: Run): Promise<boolean> {
  const { ports, lease, registered } = run
  const { task } = lease
  const health = healOfLook(run, nowIso(run))
  const revived = await ports.tasks.apply(task, reviveTask(task, nowIso(run), health))
  if (!revived) return false
  await tryToPublishHealth(ports, revived.after)
  const { collectorId, id: sourceId } = registered.source
  try {
    await ports.bus.publishDue([{ collectorId, sourceId, api: task.api, reason: 'recovered' }])
  } catch (error) {
    ports.log.warn('the collection waits for the next tick', {
      error: loggableError(error, listSecrets(run)),
    })
  }
  return true
}

async function beginLook(
  ports: CollectPorts,
  settings: CollectSettings,
  task: Task | undefined,
  invocation: Invocation,
): Promise<Run | undefined> {
  if (!task || taskCondition(task) !== 'misconfigured') return undefined
  const registered = await ports.registry.registered(task.collectorId, task.sourceId)
  if (!registered || registered.source.stopping || !registered.source.apis.includes(task.api))
    return undefined
  return createRun(ports, settings, { leased: { before: task, after: task }, registered, invocation })
}

/**
 * Looks at a task that waits for its user: asks 1Password only what the token may do. If it takes the token, the task is
 * restarted. Leases nothing, reads no page, and leaves the cursor as it is.
 */
export async function look(
  ports: CollectPorts,
  settings: CollectSettings,
  { collectorId, sourceId, api }: CollectionDue,
  invocation: Invocation,
): Promise<LookReport> {
  const run = await beginLook(ports, settings, await ports.tasks.read({ sourceId, api }), invocation)
  const isRestarted = run !== undefined && (await isServed(run)) && (await revive(run))
  return { collectorId, sourceId, api, outcome: isRestarted ? 'restarted' : 'unchanged' }
}
