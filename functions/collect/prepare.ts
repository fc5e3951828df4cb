import { APIS } from '../../shared/contract/apis.ts'
import { failureBy } from '../../shared/domain/failure/failure.ts'
import { allowedOrigin } from '../../shared/domain/source/base-url.ts'
import { type Introspection, readIntrospection } from '../../shared/domain/source/introspection.ts'
import { firstWindow, followStream } from '../../shared/domain/stream/reset.ts'
import { advanced, started } from '../../shared/domain/task/progress.ts'
import type { ReachableState } from '../../shared/domain/task/task.ts'
import type { TaskChange } from '../../shared/domain/task/task-change.ts'
import { ask } from './ask.ts'
import { nowIso, type Run, save } from './run.ts'
import { readToken } from './token.ts'

const reach = (run: Run, state: ReachableState, change: TaskChange): Promise<void> =>
  save(run, { ...change, ...advanced(run.task, state, nowIso(run)) })

function requireAllowedHost({ registered, settings }: Run): void {
  const { baseUrl } = registered.source
  if (allowedOrigin(baseUrl, settings.allowedHosts) !== undefined) return
  throw failureBy({ kind: 'host-not-allowed', baseUrl, allowed: settings.allowedHosts })
}

async function introspect(run: Run): Promise<Introspection> {
  const { feature, title } = APIS[run.api]
  const found = await ask(run, { method: 'GET', path: '/api/v2/auth/introspect', read: readIntrospection })
  if (found.features.includes(feature)) return found
  throw failureBy({ kind: 'feature-missing', feature, title, has: found.features })
}

const isNew = ({ task, registered }: Run): boolean => task.introspected !== registered.source.version

/**
 * On a task's first run, and after its source was changed: what the task shows is of this version from now on. Before
 * anything can fail.
 */
export async function start(run: Run): Promise<void> {
  if (!isNew(run)) return
  const { version, startTime } = run.registered.source
  const window = firstWindow(run.task, startTime, run.openEnd)
  await save(run, { ...started(run.task, version, nowIso(run)), ...window })
}

/** The steps from Started to Authenticated, on the same runs. */
export async function prepare(run: Run): Promise<void> {
  requireAllowedHost(run)
  if (!isNew(run)) return
  const { version, baseUrl } = run.registered.source
  await readToken(run)
  await reach(run, 'Initialized', {})
  const { accountUuid } = await introspect(run)
  const stream = followStream(run.task, { baseUrl, accountUuid }, run.ports.clock.now())
  await reach(run, 'Authenticated', { ...stream, introspected: version })
}
