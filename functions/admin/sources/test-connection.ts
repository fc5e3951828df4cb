import type { Api } from '../../../shared/contract/apis.ts'
import { CONNECTION_TEST_MS } from '../../../shared/contract/timing.ts'
import { createFailure, isRunFailure, toFailure } from '../../../shared/domain/failure/failure.ts'
import { maskText } from '../../../shared/domain/failure/masking.ts'
import { isNetworkFailure } from '../../../shared/domain/failure/network-failure.ts'
import {
  type ConnectionTest,
  failedTest,
  passedTest,
  storedTest,
} from '../../../shared/domain/source/connection-test.ts'
import {
  INTROSPECTION_PATH,
  type Introspection,
  readIntrospection,
} from '../../../shared/domain/source/introspection.ts'
import type { JsonObject } from '../../../shared/domain/source/request-section.ts'
import type { Collector, Source } from '../../../shared/domain/source/source.ts'
import { checkNewSource, checkSourceUpdate } from '../../../shared/domain/source/source-config.ts'
import { toIsoTime } from '../../../shared/domain/stream/timestamp.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { findCollector } from '../collectors/read.ts'
import { requireValid, sourceNotFound } from '../http/api-error.ts'
import { readEntity } from '../http/body.ts'
import type { Handler } from '../http/message.ts'
import { requireStaying, sourceRules } from './change-source.ts'
import { CONNECTION_TEST } from './test-view.ts'

/** The source that the request names by its id. Undefined for one that does not exist yet. Throws ApiError. */
async function findTested(
  { registry }: AdminPorts,
  { id: collectorId }: Collector,
  { id }: JsonObject,
): Promise<Source | undefined> {
  if (id === undefined || id === null) return undefined
  const source = Number.isSafeInteger(id) ? await registry.source(collectorId, Number(id)) : undefined
  if (!source) throw sourceNotFound()
  requireStaying(source)
  return source
}

/** Asks 1Password once what the token may do. Throws RunFailure. No error shows the token. */
async function introspect({ eventsApi }: AdminPorts, baseUrl: string, token: string): Promise<Introspection> {
  const call = { baseUrl, token, method: 'GET', path: INTROSPECTION_PATH } as const
  const { status, body } = await eventsApi.send({ ...call, timeoutMs: CONNECTION_TEST_MS })
  if (status === 200) return readIntrospection(body)
  const text = maskText(new TextDecoder().decode(body), [token])
  throw createFailure({ kind: 'answer', status, body: text })
}

async function testGiven(
  ports: AdminPorts,
  { baseUrl, apis }: { readonly baseUrl: string; readonly apis: readonly Api[] },
  token: string,
): Promise<ConnectionTest> {
  try {
    const found = await introspect(ports, baseUrl, token)
    return passedTest(apis, token, found, toIsoTime(ports.clock.now()))
  } catch (error) {
    if (!isRunFailure(error) && !isNetworkFailure(error)) throw error
    const failure = toFailure(error, 'asking what the token may read')
    return failedTest(apis, failure, toIsoTime(ports.clock.now()))
  }
}

/**
 * Says what a source would be able to read, and saves nothing. The settings are checked as those of a create or an update,
 * so the token goes to no other hosts than later. A stored token is never read here: the function may not do that.
 */
export const testConnection: Handler = async (ports, request) => {
  const collector = await findCollector(ports, request)
  const body = readEntity(request, 'source')
  const current = await findTested(ports, collector, body)
  const rules = await sourceRules(ports, body)
  const [{ settings, token }] = requireValid(
    current ? checkSourceUpdate(body, rules, current) : checkNewSource(body, rules),
  )
  const test =
    current && token === undefined
      ? storedTest(current, settings, await ports.tasks.tasksOfSource(current.id))
      : await testGiven(ports, settings, token ?? '')
  return { body: { test: CONNECTION_TEST.present(test) } }
}
