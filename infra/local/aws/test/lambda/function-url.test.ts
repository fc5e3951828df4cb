import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createActivity } from '../../clock/activity.ts'
import { createCallers } from '../../gateway/callers.ts'
import { signatureHeaders } from '../../gateway/signature.ts'
import { createAuthorizer, toOwnerArn } from '../../iam/authorizer.ts'
import { createFunctionUrl } from '../../lambda/url/function-url.ts'
import { startUrlServer } from '../../lambda/url/server.ts'
import type { FunctionResource, InvokePermission, UrlResource } from '../../template/model.ts'
import { aDeployment, aFunction, aPool, writeBundle } from '../support/local-functions.ts'

const PUBLIC: readonly InvokePermission[] = [
  { principal: '*', action: 'lambda:InvokeFunctionUrl', functionUrlAuthType: 'NONE' },
  { principal: '*', action: 'lambda:InvokeFunction' },
]

const OWNER = toOwnerArn(aDeployment().account)

/** A request to the function URL, its path with a query. */
interface SignedRequest {
  readonly method: string
  readonly path: string
  readonly body?: string
}

interface Given {
  readonly body?: string
  readonly authType?: UrlResource['authType']
  readonly resource?: Partial<FunctionResource>
}

/** A function behind a URL; without a body it answers the event that it was given. */
async function aUrl({ body = 'return event', authType = 'NONE', resource = {} }: Given = {}) {
  const { pool, clock } = aPool({ codeFolder: writeBundle(body), permissions: PUBLIC, ...resource })
  const errors: unknown[] = []
  const server = await startUrlServer(0)
  onTestFinished(() => server.close())
  const url = { logicalId: 'Url', functionArn: aFunction().arn, authType }
  const onFunctionError = (_: unknown, result: unknown) => void errors.push(result)
  const callers = createCallers()
  const { authorize } = createAuthorizer(aDeployment())
  const gateway = { authenticate: callers.authenticate, authorize }
  server.answerWith(
    createFunctionUrl({ url, pool, clock, activity: createActivity(), gateway, onFunctionError }),
  )
  /** Headers of a request that this identity signs. */
  const signed = ({ method, path, body = '' }: SignedRequest, roleArn = OWNER): Record<string, string> => {
    const { host, pathname, searchParams: query } = new URL(path, server.url)
    const call = { method, path: pathname, query, headers: { host }, body: Buffer.from(body) }
    const credentials = callers.credentials({ roleArn, functionName: 'test' })
    return signatureHeaders(call, { credentials, region: 'us-east-1', service: 'lambda', nowMs: Date.now() })
  }
  return { url: server.url, errors, server, signed }
}

test('passes a request to the function as payload 2.0', async () => {
  const { url } = await aUrl()
  const response = await fetch(`${url}/api/v1/a%2Fb%20c/?x=1&x=2&y=%C3%A9&z`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'X-Custom': 'One',
      Cookie: 'a=1; b=2',
      'User-Agent': 'tester',
    },
    body: '{"n":1}',
  })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/)
  const event = (await response.json()) as { headers: Record<string, string> }
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/api/v1/a%2Fb%20c/',
    rawQueryString: 'x=1&x=2&y=%C3%A9&z',
    queryStringParameters: { x: '1,2', y: 'é', z: '' },
    cookies: ['a=1', 'b=2'],
    body: '{"n":1}',
    isBase64Encoded: false,
    requestContext: {
      accountId: 'anonymous',
      stage: '$default',
      http: {
        method: 'POST',
        path: '/api/v1/a%2Fb%20c/',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'tester',
      },
      time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      timeEpoch: expect.any(Number),
    },
  })
  expect(event.headers).toMatchObject({ 'x-custom': 'One', 'content-type': 'application/json' })
  expect(event.headers).not.toHaveProperty('cookie')
})

test.each([
  ['text/plain; charset=utf-8', 'é', { body: 'é', isBase64Encoded: false }],
  ['application/problem+json', '{}', { body: '{}', isBase64Encoded: false }],
  ['application/octet-stream', 'é', { body: 'w6k=', isBase64Encoded: true }],
  ['application/x-www-form-urlencoded', 'a=b', { body: 'YT1i', isBase64Encoded: true }],
])('gives a body of type %s as AWS does', async (type, body, expected) => {
  const { url } = await aUrl()
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': type },
    body: Buffer.from(body),
  })
  expect(await response.json()).toMatchObject(expected)
})

test('a request without a body has none in the event', async () => {
  const { url } = await aUrl()
  const event = (await (await fetch(url)).json()) as object
  expect(event).toMatchObject({ isBase64Encoded: false, rawPath: '/', rawQueryString: '' })
  expect(event).not.toHaveProperty('body')
  expect(event).not.toHaveProperty('queryStringParameters')
})

test('answers with the status, headers, cookies and body that the function gives', async () => {
  const { url } = await aUrl({
    body: `return { statusCode: 401, headers: { 'WWW-Authenticate': 'Basic', 'X-Mine': 1 }, cookies: ['a=1', 'b=2'], body: 'no', isBase64Encoded: false }`,
  })
  const response = await fetch(url)
  expect(response.status).toBe(401)
  expect(response.headers.get('x-amzn-remapped-www-authenticate')).toBe('Basic')
  expect(response.headers.get('www-authenticate')).toBeNull()
  expect(response.headers.get('x-mine')).toBe('1')
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(await response.text()).toBe('no')
})

test.each([
  ['decodes a base64 body', `return { statusCode: 200, body: 'w6k=', isBase64Encoded: true }`, 200, 'é'],
  ['answers a bare object as JSON', 'return { hello: true }', 200, '{"hello":true}'],
  ['answers bare text as it is', `return 'plain'`, 200, 'plain'],
  ['answers nothing as null', '', 200, 'null'],
  ['answers 204 without a body', 'return { statusCode: 204 }', 204, ''],
  [
    'refuses an answer with a status that is none',
    'return { statusCode: "x" }',
    502,
    '{"Message":"Internal Server Error"}',
  ],
  [
    'refuses an answer with a broken header',
    `return { statusCode: 200, headers: { 'x-a': 'one\\r\\ntwo: 2' } }`,
    502,
    '{"Message":"Internal Server Error"}',
  ],
])('%s', async (_, body, status, text) => {
  const { url } = await aUrl({ body })
  const response = await fetch(url)
  expect([response.status, await response.text()]).toEqual([status, text])
})

test('answers 502 without details for a function that fails, and reports it', async () => {
  const { url, errors } = await aUrl({ body: 'throw new Error("inner matters")' })
  const response = await fetch(url)
  expect([response.status, await response.text()]).toEqual([502, '{"Message":"Internal Server Error"}'])
  expect(errors).toMatchObject([{ payload: expect.stringContaining('inner matters') }])
})

test.each<[string, Given]>([
  ['the URL permission is missing', { resource: { permissions: PUBLIC.slice(1) } }],
  ['the invoke permission is missing', { resource: { permissions: PUBLIC.slice(0, 1) } }],
  ['the URL asks for IAM and the caller does not sign', { authType: 'AWS_IAM' }],
])('refuses everybody when %s', async (_, given) => {
  const { url } = await aUrl(given)
  const response = await fetch(url)
  expect([response.status, await response.text()]).toEqual([403, '{"Message":"Forbidden"}'])
})

const PATH = '/api/v1/a%2Fb%20c/?limit=1&filter=%C3%A9%20'

test('lets in the owner, who signed the request, and tells the function who it is', async () => {
  const { url, signed } = await aUrl({ authType: 'AWS_IAM', resource: { permissions: [] } })
  const request = { method: 'POST', path: PATH, body: '{"n":1}' }
  const response = await fetch(`${url}${PATH}`, { ...request, headers: signed(request) })
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({
    rawPath: '/api/v1/a%2Fb%20c/',
    requestContext: {
      accountId: '000000000000',
      authorizer: { iam: { userArn: OWNER, accessKey: expect.stringMatching(/^ASIA/) } },
    },
  })
})

const SIGNED = { method: 'PUT', path: PATH, body: '{"n":1}' }

test.each<[string, Partial<SignedRequest>, Record<string, string>]>([
  ['another method', { method: 'POST' }, {}],
  ['another path', { path: '/api/v1/b' }, {}],
  ['another query', { path: PATH.replace('limit=1', 'limit=2') }, {}],
  ['another body', { body: '{"n":2}' }, {}],
  ['another time', {}, { 'x-amz-date': '20200101T000000Z' }],
  ['another session', {}, { 'x-amz-security-token': 'another' }],
])('refuses a signature for %s', async (_, sent, headers) => {
  const { url, signed } = await aUrl({ authType: 'AWS_IAM' })
  const { path, ...request } = { ...SIGNED, ...sent }
  const response = await fetch(`${url}${path}`, { ...request, headers: { ...signed(SIGNED), ...headers } })
  expect([response.status, await response.text()]).toEqual([403, '{"Message":"Forbidden"}'])
})

test('refuses an identity that may not invoke the function, and a signature for another service', async () => {
  const { url, signed } = await aUrl({ authType: 'AWS_IAM' })
  const request = { method: 'GET', path: '/' }
  const stranger = signed(request, 'arn:aws:iam::000000000000:role/Stack-CollectRole')
  expect((await fetch(url, { headers: stranger })).status).toBe(403)
  const own = signed(request)
  const forS3 = { ...own, authorization: String(own['authorization']).replace('/lambda/', '/s3/') }
  expect((await fetch(url, { headers: forS3 })).status).toBe(403)
  expect((await fetch(url, { headers: own })).status).toBe(200)
})

test('refuses a request above 6 MB and takes one below', async () => {
  const { url } = await aUrl({ body: 'return event.body.length' })
  const send = (bytes: number) =>
    fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(bytes) })
  expect((await send(6_291_457)).status).toBe(413)
  expect(await (await send(1_000_000)).json()).toBe(1_000_000)
})

test('counts the event, in which a body that is no text is base64: one of 4.7 MB is too large', async () => {
  const { url } = await aUrl({ body: 'return event.body.length' })
  const send = (bytes: number) => fetch(url, { method: 'POST', body: Buffer.alloc(bytes) })
  expect((await send(4_718_593)).status).toBe(413)
  expect((await send(4_700_000)).status).toBe(200)
})

// {"statusCode":200,"body":"…"} has 28 bytes around the body.
test.each([
  ['6,291,556 bytes', `'x'.repeat(${6_291_556 - 28})`, 200],
  ['one byte more', `'x'.repeat(${6_291_556 - 27})`, 502],
  ['as many quotation marks, which JSON escapes', `'"'.repeat(${6_291_556 / 2})`, 502],
  ['fewer characters of three bytes', `'€'.repeat(2_100_000)`, 502],
])('counts an answer as JSON in UTF-8: %s', async (_, body, status) => {
  const { url, errors } = await aUrl({ body: `return { statusCode: 200, body: ${body} }` })
  expect((await fetch(url)).status).toBe(status)
  const tooLarge = { payload: expect.stringContaining('Function.ResponseSizeTooLarge') }
  expect(errors).toMatchObject(status === 200 ? [] : [tooLarge])
})

test('answers 429 when every place is taken', async () => {
  const { url } = await aUrl({
    body: 'await new Promise(resolve => setTimeout(resolve, 300)); return 1',
    resource: { reservedConcurrency: 1 },
  })
  const statuses = (await Promise.all([fetch(url), fetch(url)])).map(({ status }) => status)
  expect(statuses.toSorted()).toEqual([200, 429])
})

test('tells a client that expects it to continue', async () => {
  const { url } = await aUrl({ body: 'return event.body' })
  const answered = await new Promise<string>((resolve, reject) => {
    const headers = { 'content-type': 'text/plain', expect: '100-continue', 'content-length': '4' }
    const request = httpRequest(url, { method: 'POST', headers }, response => {
      response
        .setEncoding('utf8')
        .on('data', text => resolve(`continued, then ${response.statusCode} ${text}`))
    })
    request.on('error', reject)
    request.flushHeaders()
    request.on('continue', () => request.end('body'))
  })
  expect(answered).toBe('continued, then 200 body')
})

test('outlives a client that hangs up in the middle of a request', async () => {
  const { url } = await aUrl()
  await new Promise<void>((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc', () => socket.destroy())
    })
    socket.on('close', () => resolve()).on('error', reject)
  })
  expect((await fetch(url)).status).toBe(200)
})

test('names --port if the port is taken', async () => {
  const { url } = await aUrl()
  await expect(startUrlServer(Number(new URL(url).port))).rejects.toThrow(
    /is taken: choose another with --port/,
  )
})

test('answers 503 once it is to close', async () => {
  const { url, server } = await aUrl()
  server.refuse()
  expect((await fetch(url)).status).toBe(503)
})
