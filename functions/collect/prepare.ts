import { APIS } from '../../shared/contract/apis.ts'
import { createFailure } from '../../shared/domain/failure/failure.ts'
import { keepCounts } from '../../shared/domain/rule/rule-counts.ts'
import { allowedOrigin } from '../../shared/domain/source/base-url.ts'
import { type Introspection, readIntrospection } from '../../shared/domain/source/introspection.ts'
import { firstWindow, followStream } from '../../shared/domain/stream/reset.ts'
import { advanced, started } from '../../shared/domain/task/progress.ts'
import type { ReachableState } from '../../shared/domain/task/task.ts'
import type { TaskChange } from '../../shared/domain/task/task-change.ts'
import { ask } from './ask.ts'
import { changeHealthAfterStart } from './health-changes.ts'
import { nowIso, type Run } from './run.ts'
import { INTROSPECTION } from './send-request.ts'

const saveState = (run: Run, state: ReachableState, change: TaskChange): Promise<void> =>
  run.lease.save({ ...change, ...advanced(run.lease.task, state, nowIso(run)) })

export function requireAllowedHost({ registered, settings }: Run): void {
  const { baseUrl } = registered.source
  if (allowedOrigin(baseUrl, settings.allowedHosts) !== undefined) return
  throw createFailure({ kind: 'host-not-allowed', baseUrl, allowed: settings.allowedHosts })
}

/** Asks 1Password what the token may do. Throws RunFailure if it is not enough. */
export async function introspect(run: Run): Promise<Introspection> {
  const { feature, title } = APIS[run.lease.task.api]
  const found = await ask(run, { ...INTROSPECTION, read: readIntrospection })
  if (found.features.includes(feature)) return found
  throw createFailure({ kind: 'feature-missing', feature, title, has: found.features })
}

/** The task was not yet authenticated for this version of its source. */
const isUnprepared = ({ lease, registered }: Run): boolean =>
  lease.task.introspected !== registered.source.version

/**
 * On the first run of a task, and after its source was changed: from now on the task shows what concerns this version.
 * To be called before anything can fail.
 */
export async function start(run: Run): Promise<void> {
  if (!isUnprepared(run)) return
  const { lease, registered, ports } = run
  const { version, startTime } = registered.source
  const window = firstWindow(lease.task, {
    startTime,
    mayHaveObject: lease.mayHaveUncommittedObject,
    nowMs: ports.clock.now(),
  })
  const filtered = keepCounts(lease.task.filtered, registered.source.filters)
  const change = {
    ...window,
    ...changeHealthAfterStart(run, window),
    ...(lease.task.filtered && { filtered }),
  }
  await lease.save({ ...started(lease.task, version, nowIso(run)), ...change })
}

/** Does the steps from Started to Authenticated, in the same runs as `start`. */
export async function prepare(run: Run): Promise<void> {
  requireAllowedHost(run)
  if (!isUnprepared(run)) return
  const { version, baseUrl } = run.registered.source
  await run.token.read()
  await saveState(run, 'Initialized', {})
  const { accountUuid } = await introspect(run)
  const stream = followStream(run.lease.task, { baseUrl, accountUuid }, run.ports.clock.now())
  const change = { ...stream, ...changeHealthAfterStart(run, stream) }
  await saveState(run, 'Authenticated', { ...change, introspected: version })
}
