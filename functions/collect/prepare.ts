import { APIS } from '../../shared/contract/apis.ts'
import { allowedOrigin } from '../../shared/domain/base-url.ts'
import { RunFailure } from '../../shared/domain/failure.ts'
import { type Introspection, readIntrospection } from '../../shared/domain/introspection.ts'
import { advanced, type TaskChange } from '../../shared/domain/progress.ts'
import { firstWindow, followStream } from '../../shared/domain/reset.ts'
import type { TaskState } from '../../shared/domain/task.ts'
import { ask } from './ask.ts'
import { type Run, save } from './run.ts'
import { readToken } from './token.ts'

const reach = (run: Run, state: TaskState, change: TaskChange): Promise<void> =>
  save(run, { ...change, ...advanced(run.task, state, new Date(run.ports.clock.now()).toISOString()) })

function requireAllowedHost({ registered, settings }: Run): void {
  const { baseUrl } = registered.source
  if (allowedOrigin(baseUrl, settings.allowedHosts) !== undefined) return
  throw new RunFailure(
    'ThirdPartyConfig',
    403,
    `The token is not sent to ${baseUrl}: allowed are ${settings.allowedHosts.join(', ')}. Update base_url, or deploy with the setting allowedHosts.`,
  )
}

async function introspect(run: Run): Promise<Introspection> {
  const { feature, title } = APIS[run.api]
  const found = await ask(run, { method: 'GET', path: '/api/v2/auth/introspect', read: readIntrospection })
  if (found.features.includes(feature)) return found
  throw new RunFailure(
    'ThirdPartyConfig',
    401,
    `The API token lacks the feature "${feature}" (it has: ${found.features.join(', ') || 'none'}). Make a token that may report ${title}, or take this API out of supported_apis.`,
  )
}

/** On a task's first run, and after its source was changed: the steps from Pending to Authenticated. */
export async function prepare(run: Run): Promise<void> {
  const { version, baseUrl, startTime } = run.registered.source
  const isNew = run.task.introspected !== version
  if (isNew) await reach(run, 'Started', { version, ...firstWindow(run.task, startTime, run.openEnd) })
  requireAllowedHost(run)
  if (!isNew) return
  await readToken(run)
  await reach(run, 'Initialized', {})
  const { accountUuid } = await introspect(run)
  const stream = followStream(run.task, { baseUrl, accountUuid }, run.ports.clock.now())
  await reach(run, 'Authenticated', { ...stream, introspected: version })
}
