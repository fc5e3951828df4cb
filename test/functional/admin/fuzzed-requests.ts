import fc from 'fast-check'
import type { AdminRequest } from '../../../functions/admin/http/message.ts'
import { ACCESS_KEY, basic, type Call, COLLECTOR, sourceBody, toRequest } from './admin-world.ts'
import {
  body,
  COLLECTOR_ID,
  COLLECTOR_UPDATE,
  FIELD,
  mutated,
  SOURCE_ID,
  SOURCE_UPDATE,
  text,
} from './fuzzed-bodies.ts'

/** What the world of a fuzzed request holds: the ids above, and a field. */
export const SEED: readonly Call[] = [
  { method: 'POST', path: '/v1/collectors', body: COLLECTOR },
  { method: 'POST', path: `/v1/collectors/${COLLECTOR_ID}/sources`, body: sourceBody() },
  { method: 'POST', path: '/v1/fields', body: { fieldName: 'team' } },
  { method: 'POST', path: '/v1/collectors', body: { collector: { collectorType: 'Hosted', name: 'Other' } } },
]

const id = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(`${COLLECTOR_ID}`, `${SOURCE_ID}`, '100000004') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...['0', '-1', '1e9', '007', '9'.repeat(15), '9'.repeat(30), 'NaN', '%2e%2e', '%', '%zz', '%00'],
      ...['__proto__', 'constructor', 'offline', 'name', '😀', 'x'.repeat(500)],
    ),
  },
  { weight: 1, arbitrary: fc.webSegment() },
)

const fieldId = fc.oneof(fc.constantFrom('0000000005F5E103', '0000000000000001', '0000000005f5e103'), id)
const name = fc.oneof(fc.constantFrom('Security', 'Other', 'a%20b', '%C3%A9', '%ff', 'a%2Fb'), id)

/** A path of these parts. */
const joined = (...parts: (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
  fc
    .tuple(...parts.map(part => (typeof part === 'string' ? fc.constant(part) : part)))
    .map(made => made.join(''))

const known = fc.oneof(
  fc.constantFrom('/collectors', '/collectors/offline', '/collectors/upgrades', '/openapi.json'),
  fc.constantFrom('/collection'),
  fc.constantFrom('/fields', '/fields/builtin', '/fields/dropped', '/fields/quota'),
  fc.constantFrom('/healthEvents', '/healthEvents/resources'),
  joined('/collectors/', id),
  joined('/collectors/name/', name),
  joined('/collectors/upgrades/', fc.oneof(fc.constantFrom('targets', 'collectors'), id)),
  joined('/collectors/', id, fc.constantFrom('/sources', '/sources/test')),
  joined('/collectors/', id, '/sources/', id),
  joined('/collectors/', id, '/sources/', id, fc.constantFrom('/action/restart', '/healthEvents')),
  joined('/fields/', fieldId),
  joined('/fields/builtin/', fieldId),
  joined('/fields/', fieldId, fc.constantFrom('/enable', '/disable')),
)

const prefix = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('/api/v1', '/v1') },
  { weight: 1, arbitrary: fc.constantFrom('', '/', '/api', '/api/v2', '/API/V1', '//v1', '/v1/..') },
)

const path = fc.oneof(
  { weight: 12, arbitrary: joined(prefix, known, fc.constantFrom('', '', '', '/', '//', '/more')) },
  { weight: 1, arbitrary: fc.webPath().map(rest => `/${rest}`) },
)

const parameter = fc.tuple(
  fc.constantFrom(
    'limit',
    'offset',
    'filter',
    'download',
    'autoEnableFields',
    'aliveBeforeDays',
    'token',
    '__proto__',
  ),
  fc.oneof(
    fc.constantFrom('1', '0', '-1', '1000', '1001', '1e3', 'true', 'false', 'TRUE', 'Hosted', 'dead', ''),
    text.filter(candidate => candidate.isWellFormed()),
  ),
)

const query = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  {
    weight: 4,
    arbitrary: fc.array(parameter, { maxLength: 3 }).map(pairs => `?${new URLSearchParams(pairs)}`),
  },
  { weight: 1, arbitrary: fc.webQueryParameters().map(rest => `?${rest}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('?', '??', '?limit', '?limit=1&limit=2', '?%', '?limit=%ff', '?=1'),
  },
)

const header = fc.string({ unit: fc.constantFrom(...'abc019 ,;*"\\/=W-'), maxLength: 40 })

const tag = fc.oneof(
  { weight: 4, arbitrary: fc.constant('current') },
  { weight: 2, arbitrary: fc.constantFrom('*', '', '"0"', 'W/"0"', '"a", "b"', `"${'0'.repeat(32)}"`) },
  { weight: 1, arbitrary: header },
)

const headers = fc.record(
  {
    'If-Match': tag,
    'If-None-Match': tag,
    'Content-Type': fc.oneof(
      { weight: 10, arbitrary: fc.constantFrom('application/json', 'text/json; charset=utf-8') },
      { weight: 2, arbitrary: fc.constantFrom('application/x+json', 'text/plain', '') },
      { weight: 1, arbitrary: header },
    ),
    Authorization: fc.oneof(
      { weight: 30, arbitrary: fc.constant(basic(ACCESS_KEY)) },
      { weight: 1, arbitrary: header },
      { weight: 1, arbitrary: header.map(accessKey => basic({ ...ACCESS_KEY, accessKey })) },
    ),
    Expect: fc.constant('100-continue'),
    Cookie: header,
    constructor: header,
    'Content-Length': fc.constantFrom('0', '-1', '999999999'),
  },
  { requiredKeys: [] },
)

const method = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE') },
  { weight: 1, arbitrary: fc.constantFrom('PATCH', 'OPTIONS', 'TRACE', 'CONNECT', 'get', 'FOO', 'ANY') },
)

const ONE_COLLECTOR = `/api/v1/collectors/${COLLECTOR_ID}`
const ONE_SOURCE = `${ONE_COLLECTOR}/sources/${SOURCE_ID}`
const ONE_FIELD = '/v1/fields/0000000005F5E103'

/** Calls that succeed in the seeded world, unless their bodies or headers are changed. */
const PLAUSIBLE: readonly Call[] = [
  { method: 'GET', path: '/v1/collection' },
  { method: 'GET', path: '/v1/collectors' },
  { method: 'POST', path: '/v1/collectors', body: { collector: { collectorType: 'Hosted', name: 'New' } } },
  { method: 'GET', path: ONE_COLLECTOR },
  { method: 'PUT', path: ONE_COLLECTOR, body: COLLECTOR_UPDATE },
  { method: 'DELETE', path: '/v1/collectors/100000004' },
  { method: 'POST', path: `${ONE_COLLECTOR}/sources`, body: sourceBody({ name: 'new' }) },
  { method: 'POST', path: `${ONE_COLLECTOR}/sources/test`, body: sourceBody({ name: 'new' }) },
  { method: 'POST', path: `${ONE_COLLECTOR}/sources/test`, body: SOURCE_UPDATE },
  { method: 'GET', path: `${ONE_COLLECTOR}/sources` },
  { method: 'GET', path: ONE_SOURCE },
  { method: 'PUT', path: ONE_SOURCE, body: SOURCE_UPDATE },
  { method: 'POST', path: `${ONE_SOURCE}/action/restart`, body: null },
  { method: 'DELETE', path: ONE_SOURCE },
  { method: 'POST', path: '/v1/fields', body: FIELD },
  { method: 'PUT', path: `${ONE_FIELD}/enable`, body: null },
  { method: 'DELETE', path: `${ONE_FIELD}/disable` },
  { method: 'DELETE', path: ONE_FIELD },
]

const plausible = fc.constantFrom(...PLAUSIBLE).chain(({ method, path, body }) =>
  fc.record({
    method: fc.constant(method),
    path: fc.constant(path),
    query,
    headers: headers.map(given => (method === 'PUT' ? { 'If-Match': 'current', ...given } : given)),
    body: body === undefined ? fc.constant(undefined) : mutated(fc.constant(body), 2),
  }),
)

const arbitrary = fc.record({ method, path, query, headers, body })

/** Sometimes marks plain text as base64. A function URL would never send that. */
function requested(call: Call, isGarbled: boolean): AdminRequest {
  const request = toRequest(call)
  return isGarbled && request.body !== undefined ? { ...request, isBase64Encoded: true } : request
}

export const fuzzedRequest: fc.Arbitrary<AdminRequest> = fc
  .tuple(fc.oneof(plausible, arbitrary), fc.nat(19))
  .map(([{ path: at, query: asked, ...call }, draw]) =>
    requested({ ...call, path: `${at}${asked}` }, draw === 0),
  )
