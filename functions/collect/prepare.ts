import { APIS } from '../../shared/contract/apis.ts'
import { allowedOrigin } from '../../shared/domain/base-url.ts'
import { RunFailure } from '../../shared/domain/failure.ts'
import { readFeatures } from '../../shared/domain/introspection.ts'
import { advanced } from '../../shared/domain/progress.ts'
import type { TaskState } from '../../shared/domain/task.ts'
import { ask } from './ask.ts'
import { type Run, save } from './run.ts'
import { readToken } from './token.ts'

const reach = (run: Run, state: TaskState): Promise<void> =>
  save(run, advanced(run.task, state, new Date(run.ports.clock.now()).toISOString()))

async function requireFeature(run: Run): Promise<void> {
  const { feature, title } = APIS[run.api]
  const features = await ask(run, { method: 'GET', path: '/api/v2/auth/introspect', read: readFeatures })
  if (features.includes(feature)) return
  throw new RunFailure(
    'ThirdPartyConfig',
    401,
    `The API token lacks the feature "${feature}" (it has: ${features.join(', ') || 'none'}). Make a token that may report ${title}, or take this API out of supported_apis.`,
  )
}

function requireAllowedHost({ registered, settings }: Run): void {
  const { baseUrl } = registered.source
  if (allowedOrigin(baseUrl, settings.allowedHosts) !== undefined) return
  throw new RunFailure(
    'ThirdPartyConfig',
    403,
    `The token is not sent to ${baseUrl}: allowed are ${settings.allowedHosts.join(', ')}. Update base_url, or deploy with the setting allowedHosts.`,
  )
}

/** On a task's first run, and after its source was changed: the steps from Pending to Authenticated. */
export async function prepare(run: Run): Promise<void> {
  requireAllowedHost(run)
  const { version } = run.registered.source
  if (run.task.introspected === version) return
  await reach(run, 'Started')
  await readToken(run)
  await reach(run, 'Initialized')
  await requireFeature(run)
  await save(run, {
    ...advanced(run.task, 'Authenticated', new Date(run.ports.clock.now()).toISOString()),
    introspected: version,
  })
}
