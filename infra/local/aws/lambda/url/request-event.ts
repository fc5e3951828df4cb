import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Admission, Signatory } from './access.ts'
import { type HttpRequest, pathAndQuery } from './server.ts'

/** Bodies of these types reach a function as text, all others as base64. */
const TEXT_TYPE = /^(text\/|application\/(json|javascript|xml|[^;]*\+(json|xml))\s*(;|$))/i

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** e.g. 12/Mar/2026:19:03:58 +0000 */
function commonLogTime(ms: number): string {
  const [date = '', time = ''] = new Date(ms).toISOString().split('T')
  const [year, month, day] = date.split('-')
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`
}

function toEventHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const { cookie: _, ...others } = headers
  const given = Object.entries(others).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given.map(([name, value]) => [name, [value].flat().join(',')]))
}

function toQueryParameters(query: string): Record<string, string> {
  const parameters = new URLSearchParams(query)
  return Object.fromEntries([...parameters.keys()].map(name => [name, parameters.getAll(name).join(',')]))
}

function toEventBody({ body, headers }: HttpRequest) {
  if (body.length === 0) return { isBase64Encoded: false }
  const isText = TEXT_TYPE.test(headers['content-type'] ?? '')
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText }
}

/** Returns who signed the request, which only a URL with AWS_IAM knows. */
function toIdentity(admitted: Signatory | 'anybody') {
  if (admitted === 'anybody') return { accountId: 'anonymous' }
  const { accessKeyId: accessKey, arn: userArn } = admitted
  const [, , , , accountId = ''] = userArn.split(':')
  const user = { accessKey, accountId, callerId: accessKey, userArn, userId: accessKey }
  return { accountId, authorizer: { iam: { ...user, cognitoIdentity: null, principalOrgId: null } } }
}

/**
 * Returns the event that a function URL hands to its function, in payload format 2.0 (AWS: "Lambda function URL
 * payloads").
 */
export function toRequestEvent(request: HttpRequest, admitted: NonNullable<Admission>, nowMs: number) {
  const { method, target, headers, sourceIp } = request
  const [path, query] = pathAndQuery(target)
  const domainName = headers.host ?? '127.0.0.1'
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    ...(headers.cookie && { cookies: headers.cookie.split(/; */) }),
    headers: toEventHeaders(headers),
    ...(query && { queryStringParameters: toQueryParameters(query) }),
    requestContext: {
      ...toIdentity(admitted),
      apiId: 'local',
      domainName,
      domainPrefix: domainName.split('.')[0],
      http: { method, path, protocol: 'HTTP/1.1', sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: commonLogTime(nowMs),
      timeEpoch: nowMs,
    },
    ...toEventBody(request),
  }
}
