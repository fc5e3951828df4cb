import { APIS, type Api } from '../../contract/apis.ts'
import { classify } from '../failure/classification.ts'
import type { RunFailure } from '../failure/failure.ts'
import { toIsoTime } from '../stream/timestamp.ts'
import { taskCondition } from '../task/life.ts'
import type { Task } from '../task/task.ts'
import type { Introspection } from './introspection.ts'
import type { FieldFault } from './request-section.ts'
import type { Source } from './source.ts'
import { toApiState } from './source-state.ts'
import { tokenExpiryMs } from './token-expiry.ts'

/** What a test has found out about a connection. */
export interface ConnectionTest {
  /** A given token was tested now. A stored one is not read for a test: its runs have tested it. */
  readonly token: 'given' | 'stored'
  /** When it was tested. RFC 3339. Absent if no run has ended well yet. */
  readonly testedAt?: string | undefined
  readonly account?: string | undefined
  readonly expires?: string | undefined
  readonly apis: readonly { readonly api: Api; readonly readable?: boolean | undefined }[]
  readonly faults: readonly FieldFault[]
}

const TOKEN = 'config.api_token'
const BASE_URL = 'config.base_url'

/** A task keeps sentences, and so does a test: without the full stop that the list of faults adds. */
const fault = (field: string, message: string): FieldFault => ({ field, message: message.replace(/\.$/, '') })

/** A refused token, or a place that is not the right one or cannot be reached. */
const findField = ({ type, code }: Pick<RunFailure, 'type' | 'code'>): string =>
  type === 'ThirdPartyConfig' && (code === 401 || code === 403) ? TOKEN : BASE_URL

/** The test of a token that 1Password did not take, or that did not reach it. */
export const failedTest = (apis: readonly Api[], failure: RunFailure, now: string): ConnectionTest => ({
  token: 'given',
  testedAt: now,
  apis: apis.map(api => ({ api, readable: false })),
  faults: [fault(findField(failure), failure.message)],
})

function findExpiryFault(expiresMs: number | undefined, now: string): readonly FieldFault[] {
  if (expiresMs === undefined || expiresMs > Date.parse(now)) return []
  return [fault(TOKEN, `has expired at ${toIsoTime(expiresMs)}; give a new one`)]
}

/** The test of a token that 1Password takes: what it may read, of which account and until when. */
export function passedTest(
  apis: readonly Api[],
  token: string,
  { features, accountUuid }: Introspection,
  now: string,
): ConnectionTest {
  const expiresMs = tokenExpiryMs(token)
  const missing = apis.filter(api => !features.includes(APIS[api].feature))
  return {
    token: 'given',
    testedAt: now,
    account: accountUuid,
    expires: expiresMs === undefined ? undefined : toIsoTime(expiresMs),
    apis: apis.map(api => ({ api, readable: !missing.includes(api) })),
    faults: [
      ...missing.map(api => {
        const { info } = classify({ kind: 'feature-missing', ...APIS[api], has: features })
        return fault('config.supported_apis', info)
      }),
      ...findExpiryFault(expiresMs, now),
    ],
  }
}

const UNTESTED = 'is not read for a test; give the token itself to have it tested'

/** What the runs of an API say about the stored token. Undefined if they say nothing, or not for this version of the source. */
function isReadable(source: Source, task: Task | undefined): boolean | undefined {
  if (task?.version !== source.version) return undefined
  if (taskCondition(task) === 'misconfigured') return false
  return task.lastSuccessAt !== undefined && !task.error ? true : undefined
}

const listErrors = (source: Source, tasks: readonly Task[]): readonly FieldFault[] =>
  tasks.flatMap(task => {
    const { error } = toApiState(task, source)
    return error ? [fault(findField(error), `${APIS[task.api].title}: ${error.info}`)] : []
  })

/** The test of the token that a source has: what its runs have found, which use it every few minutes. */
export function storedTest(
  source: Source,
  { apis, baseUrl }: Pick<Source, 'apis' | 'baseUrl'>,
  tasks: readonly Task[],
): ConnectionTest {
  const own = baseUrl === source.baseUrl ? tasks.filter(({ api }) => apis.includes(api)) : []
  const readable = apis.map(api => ({
    api,
    readable: isReadable(
      source,
      own.find(task => task.api === api),
    ),
  }))
  const errors = listErrors(source, own)
  const isUntested = errors.length === 0 && readable.some(each => each.readable === undefined)
  const known = own.filter(({ version }) => version === source.version)
  return {
    token: 'stored',
    testedAt: known
      .flatMap(({ lastSuccessAt }) => lastSuccessAt ?? [])
      .sort()
      .at(-1),
    account: known.find(({ accountUuid }) => accountUuid !== undefined)?.accountUuid,
    expires: known.find(({ tokenExpires }) => tokenExpires !== undefined)?.tokenExpires,
    apis: readable,
    faults: isUntested ? [fault(TOKEN, UNTESTED)] : errors,
  }
}
