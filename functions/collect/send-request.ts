import { API_NAMES, APIS } from '../../shared/contract/apis.ts'
import { REQUEST_TIMEOUT_MS } from '../../shared/contract/timing.ts'
import { createFailure, during } from '../../shared/domain/failure/failure.ts'
import { maskText } from '../../shared/domain/failure/masking.ts'
import { isTokenRefusal } from '../../shared/domain/failure/own-answer.ts'
import {
  INTROSPECTION_PATH,
  type Introspection,
  readIntrospection,
} from '../../shared/domain/source/introspection.ts'
import { judgeSuccessor, type SuccessorFault } from '../../shared/domain/source/token-successor.ts'
import type { EventsApiAnswer } from '../../shared/ports.ts'
import type { Run } from './run.ts'

/** One request to the Events API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: string
}

export const INTROSPECTION: ApiRequest = { method: 'GET', path: INTROSPECTION_PATH }

export const decodeBody = (answer: EventsApiAnswer): string => new TextDecoder().decode(answer.body)

/** Some proxies return the request that they were sent, in encodings of their own. */
function withoutTokens(answer: EventsApiAnswer, tokens: readonly string[]): EventsApiAnswer {
  if (answer.status === 200) return answer
  return { ...answer, body: new TextEncoder().encode(maskText(decodeBody(answer), tokens)) }
}

/** Sends a request once, when the rate budget allows it. An answer that is not a 200 does not show the token. */
export async function sendRequest(
  run: Pick<Run, 'ports' | 'registered' | 'budget' | 'token'>,
  { method, path, body }: ApiRequest,
  token: string,
  signal?: AbortSignal,
): Promise<EventsApiAnswer> {
  await run.budget.spend(signal)
  const answer = await run.ports.eventsApi.send({
    baseUrl: run.registered.source.baseUrl,
    token,
    method,
    path,
    timeoutMs: REQUEST_TIMEOUT_MS,
    ...(body !== undefined && { body }),
    ...(signal && { signal }),
  })
  return withoutTokens(answer, [token, ...run.token.secrets])
}

/** Asks the API once what a token may do. Throws RunFailure if it neither says that nor refuses the token. */
async function introspectToken(run: Run, token: string): Promise<Introspection | 'refused'> {
  const answer = await sendRequest(run, INTROSPECTION, token)
  const { status } = answer
  if (status === 200) return readIntrospection(answer.body)
  const body = decodeBody(answer)
  if (isTokenRefusal(status, body)) return 'refused'
  throw createFailure({ kind: 'unconfirmed', status, body, introspection: 'unclear' })
}

/** Returns the account that the other tasks of the source have read, for a task that has read none yet. */
async function findAccountOfSource({ ports, lease: { task } }: Run): Promise<string | undefined> {
  const others = API_NAMES.filter(api => api !== task.api)
  const reading = others.map(api => ports.tasks.read({ sourceId: task.sourceId, api }))
  const tasks = await during('reading the other tasks of the source', Promise.all(reading))
  return tasks.find(other => other?.accountUuid !== undefined)?.accountUuid
}

/**
 * Proves a token before it takes the place of another one. Returns what is wrong with it. Its account must be the one that
 * the source has read, also under another base URL: a source gets another account only by an update with its token.
 */
export async function examineSuccessor(run: Run, token: string): Promise<SuccessorFault | undefined> {
  const { api, accountUuid = await findAccountOfSource(run) } = run.lease.task
  const said = await introspectToken(run, token)
  if (accountUuid !== undefined && said !== 'refused' && said.accountUuid === undefined)
    throw createFailure({ kind: 'malformed', wanted: 'an introspection', why: 'it names no account' })
  return judgeSuccessor(said, { feature: APIS[api].feature, accountUuid })
}

/**
 * Throws RunFailure unless introspection with the same token is refused, too. The failure is a configuration error only if
 * the token lacks the feature.
 */
export async function confirmRefusal(run: Run, refusal: EventsApiAnswer, token: string): Promise<void> {
  const said = await introspectToken(run, token)
  if (said === 'refused') return
  const { feature, title } = APIS[run.lease.task.api]
  const { features: has } = said
  if (!has.includes(feature)) throw createFailure({ kind: 'feature-missing', feature, title, has })
  const { status } = refusal
  throw createFailure({ kind: 'unconfirmed', status, body: decodeBody(refusal), introspection: 'taken' })
}
