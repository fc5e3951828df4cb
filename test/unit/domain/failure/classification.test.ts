import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FaultType } from '../../../../shared/domain/failure/classification.ts'
import { classify } from '../../../../shared/domain/failure/classification.ts'
import type { NetworkReason } from '../../../../shared/domain/failure/network-failure.ts'
import type { OwnFact } from '../../../../shared/domain/failure/own-trouble.ts'
import type { Trouble } from '../../../../shared/domain/failure/trouble.ts'

const UNAUTHORIZED = '{"Error":{"Message":"Unauthorized"}}'

const answer = (status: number, body = UNAUTHORIZED): Trouble => ({ kind: 'answer', status, body })

describe('an answer with a status other than 200', () => {
  it.each([
    [401, 'ThirdPartyConfig', /Update api_token/],
    [403, 'ThirdPartyConfig', /Update api_token/],
    [404, 'ThirdPartyConfig', /Set base_url/],
    [299, 'ThirdPartyGeneric', /did not answer as it should/],
    [300, 'ThirdPartyGeneric', /redirect is not followed/],
    [301, 'ThirdPartyGeneric', /redirect is not followed/],
    [399, 'ThirdPartyGeneric', /redirect is not followed/],
    [302, 'ThirdPartyGeneric', /check base_url/],
    [400, 'ThirdPartyGeneric', /did not answer as it should/],
    [405, 'ThirdPartyGeneric', /did not answer as it should/],
    [407, 'ThirdPartyGeneric', /any proxy in between/],
    [408, 'ThirdPartyGeneric', /in time\. If this lasts/],
    [418, 'ThirdPartyGeneric', /did not answer as it should/],
    [429, 'ThirdPartyGeneric', /no more requests for now\. If this lasts/],
    [500, 'ThirdPartyGeneric', /status\.1password\.com/],
    [502, 'ThirdPartyGeneric', /status\.1password\.com/],
    [503, 'ThirdPartyGeneric', /status\.1password\.com/],
    [504, 'ThirdPartyGeneric', /status\.1password\.com/],
    [599, 'ThirdPartyGeneric', /status\.1password\.com/],
  ])('%i is %s; the text has status, body as received and what to do', (status, type, advice) => {
    const { info, ...rest } = classify(answer(status))
    expect(rest).toEqual({ type, code: status })
    expect(info.startsWith(`${status}: ${UNAUTHORIZED} — `)).toBe(true)
    expect(info).toMatch(advice)
  })

  it('halts only for 401, 403 and 404', () => {
    const statuses = Array.from({ length: 500 }, (_, at) => at + 100)
    const halting = statuses.filter(status => classify(answer(status)).type === 'ThirdPartyConfig')
    expect(halting).toEqual([401, 403, 404])
  })

  it.each([401, 403, 404])(
    '%i that the API itself does not give is passing trouble of a firewall',
    status => {
      for (const body of ['<html>Blocked</html>', '', 'Forbidden', '{"message":"Forbidden"}']) {
        const { info, ...rest } = classify(answer(status, body))
        expect(rest).toEqual({ type: 'ThirdPartyGeneric', code: status })
        expect(info).toMatch(/firewall or proxy has answered in the place of 1Password.*check base_url/)
      }
    },
  )

  it('is final as the text that the API gives for a path that is not there', () => {
    expect(classify(answer(404, '404 page not found'))).toMatchObject({ type: 'ThirdPartyConfig', code: 404 })
  })

  it.each([
    ['taken', /takes the same API token/],
    ['unclear', /does not say whether it takes the API token/],
  ] as const)('passes if introspection does not confirm it: %s', (introspection, text) => {
    const trouble: Trouble = { kind: 'unconfirmed', status: 401, body: UNAUTHORIZED, introspection }
    const { info, ...rest } = classify(trouble)
    expect(rest).toEqual({ type: 'ThirdPartyGeneric', code: 401 })
    expect(info.startsWith(`401: ${UNAUTHORIZED} — `)).toBe(true)
    expect(info).toMatch(text)
  })

  it.each(['', ' \n'])('says that there is no body: %j', body => {
    expect(classify(answer(503, body)).info).toMatch(/^503: no body — /)
  })

  it('keeps 2048 characters of a body and shows that there was more', () => {
    const body = 'x'.repeat(2048)
    expect(classify(answer(500, body)).info.startsWith(`500: ${body} — `)).toBe(true)
    expect(classify(answer(500, `${body}y`)).info.startsWith(`500: ${body}… — `)).toBe(true)
  })

  it('is well-formed text even when it is cut in the middle of a character', () => {
    fc.assert(
      fc.property(fc.nat(3), shift => {
        const { info } = classify(answer(500, `${'x'.repeat(shift)}${'😀'.repeat(1100)}`))
        expect(info.isWellFormed()).toBe(true)
        expect(info.length).toBeLessThan(2048 + 150)
      }),
    )
  })
})

describe('no answer', () => {
  const at = 'https://events.1password.com'
  const of = (reason: NetworkReason, limit?: number): Trouble => ({
    kind: 'network',
    doing: 'asking 1Password for /api/v2/auditevents',
    fact: { reason, at, detail: 'CODE: details', ...(limit !== undefined && { limit }) },
  })

  it.each([
    [of('refused'), 'the connection was refused', 'check base_url and any firewall'],
    [of('reset'), 'the connection was reset', 'firewall or proxy'],
    [of('closed'), 'the connection broke off', 'firewall or proxy'],
    [of('unroutable'), 'there is no way to the host (CODE: details)', 'routes'],
    [of('dns'), 'the host name could not be resolved', 'name resolution'],
    [of('tls'), 'no TLS connection could be made (CODE: details)', 'certificate'],
    [of('protocol'), 'the answer is not HTTP (CODE: details)', 'proxy'],
    [of('connect-timeout'), 'the connection timed out', 'firewall'],
    [of('headers-timeout', 20), 'no answer within 20 seconds', 'status.1password.com'],
    [of('body-timeout', 20), 'the answer did not end within 20 seconds', 'status.1password.com'],
    [of('other'), 'the request failed (CODE: details)', 'proxy'],
  ])(
    'is a passing fault; the text says where, why, during which step and what to do (%#)',
    (trouble, why, advice) => {
      const { info, ...rest } = classify(trouble)
      expect(rest).toEqual({ type: 'ThirdPartyGeneric', code: 0 })
      const start = `1Password could not be reached at ${at}: ${why}, while asking 1Password for /api/v2/auditevents.`
      expect(info.startsWith(`${start} If this lasts, `)).toBe(true)
      expect(info).toContain(advice)
    },
  )

  it('that does not fit into memory is retried, and says how to make it smaller', () => {
    const { info, ...rest } = classify(of('too-large', 33_554_432))
    expect(rest).toEqual({ type: 'ThirdPartyGeneric', code: 0 })
    expect(info).toMatch(/^The answer of 1Password is larger than 33554432 bytes.*lower pageSize/)
  })

  it('because the token cannot be sent waits for another token', () => {
    const { info, ...rest } = classify(of('unsendable'))
    expect(rest).toEqual({ type: 'ThirdPartyConfig', code: 401 })
    expect(info).toMatch(/update api_token/)
    expect(info).not.toMatch(/again/)
  })
})

describe('a failure of our own side', () => {
  const of = (fact: Partial<OwnFact>): Trouble => ({
    kind: 'own',
    doing: 'saving the task',
    fact: { name: 'Error', message: 'as told', ...fact },
  })

  it.each<[Partial<OwnFact>, RegExp]>([
    [{ name: 'ThrottlingException', status: 400 }, /no more such calls/],
    [{ name: 'ProvisionedThroughputExceededException', status: 400 }, /no more such calls/],
    [{ name: 'SlowDown', status: 503 }, /no more such calls/],
    [{ name: 'TooManyRequestsException', status: 429 }, /no more such calls/],
    [{ name: 'Odd', status: 429 }, /no more such calls/],
    [{ name: 'AccessDeniedException', status: 400 }, /role, or its key, does not allow/],
    [{ name: 'AccessDenied', status: 403 }, /does not allow/],
    [{ name: 'UnrecognizedClientException', status: 400 }, /does not allow/],
    [{ name: 'DecryptionFailure', status: 400 }, /KMS key/],
    [{ name: 'CredentialsProviderError' }, /does not allow/],
    [{ name: '403', status: 403 }, /does not allow/],
    [{ name: 'ResourceNotFoundException', status: 400 }, /is gone: deploy again/],
    [{ name: 'NoSuchBucket', status: 404 }, /is gone: deploy again/],
    [{ name: 'Unknown', status: 404 }, /is gone: deploy again/],
    [{ name: 'ConditionalCheckFailedException', status: 400 }, /somebody else changed the same/],
    [{ name: 'PreconditionFailed', status: 412 }, /somebody else changed the same/],
    [{ name: 'ConditionalRequestConflict', status: 409 }, /somebody else changed the same/],
    [{ name: 'TimeoutError' }, /AWS could not be reached/],
    [{ name: 'Error', code: 'ECONNREFUSED' }, /AWS could not be reached/],
    [{ name: 'Error', code: 'ENOTFOUND' }, /AWS could not be reached/],
    [{ name: 'InvalidObjectState', status: 403 }, /restore it/],
    [{ name: 'InternalServerError', status: 500 }, /AWS has trouble of its own/],
    [{ name: 'Unknown', status: 503 }, /AWS has trouble of its own/],
    [{ name: 'ValidationException', status: 400 }, /see the log/],
    [{ name: 'TypeError' }, /see the log/],
  ])('is a passing fault, whatever it is: %j', (fact, advice) => {
    const { info, ...rest } = classify(of(fact))
    expect(rest).toEqual({ type: 'FirstPartyGeneric', code: 500 })
    expect(info.startsWith(`${fact.name}: as told, while saving the task — `)).toBe(true)
    expect(info).toMatch(advice)
  })

  it('has a text of bounded length', () => {
    expect(classify(of({ message: 'x'.repeat(1e6) })).info.length).toBeLessThan(2400)
  })

  it.each([
    ['Sandbox.Timedout', 'RequestId: 1 Error: Task timed out after 240.00 seconds', /used up its time/],
    ['Runtime.ExitError', 'RequestId: 1 Error: Runtime exited with error: signal: killed', /out of memory/],
    ['Runtime.OutOfMemory', '', /out of memory/],
    ['Runtime.ExitError', 'RequestId: 1 Error: Runtime exited with error: exit status 1', /see the log/],
  ])('is a run that died: %s %s', (errorType, errorMessage, advice) => {
    const { info, ...rest } = classify({ kind: 'dead-run', errorType, errorMessage })
    expect(rest).toEqual({ type: 'FirstPartyGeneric', code: 500 })
    expect(info).toContain(errorType)
    expect(info).toMatch(advice)
  })

  it('says so if nothing is known about a run that died', () => {
    expect(classify({ kind: 'dead-run' }).info).toBe(
      'The run ended and could not say why (nothing is known) — see the log of the function collect.',
    )
  })
})

it.each<[Trouble, FaultType, number, string]>([
  [
    { kind: 'malformed', wanted: 'a page of events', why: 'x' },
    'ThirdPartyGeneric',
    200,
    'not a page of events: x. If this lasts',
  ],
  [
    { kind: 'malformed', wanted: 'an introspection', why: 'x' },
    'ThirdPartyGeneric',
    200,
    'not an introspection: x.',
  ],
  [
    { kind: 'start-refused', body: 'no', startTime: 'T' },
    'ThirdPartyConfig',
    400,
    '400: no — 1Password refuses to begin at T. Check start_time',
  ],
  [
    { kind: 'refused-once', answer: '400: no' },
    'ThirdPartyGeneric',
    400,
    '400: no — 1Password refuses the place',
  ],
  [
    { kind: 'only-start-refused', answer: '400: no', startTime: 'T' },
    'ThirdPartyGeneric',
    400,
    '400: no — 1Password refuses to begin at T, although it takes a later start. If this lasts, set a later start_time',
  ],
  [
    { kind: 'host-not-allowed', baseUrl: 'https://x', allowed: ['a', 'b'] },
    'ThirdPartyConfig',
    403,
    'not sent to https://x: allowed are a, b. Update base_url',
  ],
  [
    { kind: 'feature-missing', feature: 'itemusages', title: 'Item Usage', has: [] },
    'ThirdPartyConfig',
    401,
    '"itemusages" (it has: none)',
  ],
  [{ kind: 'secret-gone' }, 'ThirdPartyConfig', 401, 'is gone. Update api_token'],
  [{ kind: 'secret-unusable' }, 'ThirdPartyConfig', 401, 'Update api_token'],
  [
    { kind: 'damaged', what: 'The task has no date folder.' },
    'FirstPartyGeneric',
    500,
    'The task has no date folder. If this lasts',
  ],
])('%j is %s %i', (trouble, type, code, text) => {
  const { info, ...rest } = classify(trouble)
  expect(rest).toEqual({ type, code })
  expect(info).toContain(text)
})
