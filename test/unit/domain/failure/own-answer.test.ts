import { describe, expect, it } from 'vitest'
import { isOwnAnswer, isOwnError, isTokenRefusal } from '../../../../shared/domain/failure/own-answer.ts'

const OWN = '{"Error":{"Message":"Unauthorized"}}'

describe('the API itself', () => {
  it.each([
    [401, OWN],
    [403, ' {"Error":{"Message":"Forbidden"}}\n'],
    [403, '{"status":403,"message":"Forbidden"}'],
    [404, '{"Error":{"Message":"Not Found"}}'],
    [404, '404 page not found'],
    [404, '404 page not found\n'],
  ])('answers %i with %j', (status, body) => {
    expect(isOwnAnswer(status, body)).toBe(true)
  })

  it.each([
    [401, '<html>Sign in to the proxy</html>'],
    [401, ''],
    [403, 'Forbidden'],
    [403, '{"message":"Forbidden"}'],
    [403, '{"Error":null}'],
    [403, '"Error"'],
    [403, 'null'],
    [404, '<h1>404 page not found</h1>'],
    [403, '404 page not found'],
  ])('does not answer %i with %j', (status, body) => {
    expect(isOwnAnswer(status, body)).toBe(false)
  })

  it.each([
    [401, OWN, true],
    [403, OWN, true],
    [400, OWN, false],
    [404, '404 page not found', false],
    [401, '<html>', false],
  ])('with %i and %j refuses a token: %s', (status, body, refuses) => {
    expect(isTokenRefusal(status, body)).toBe(refuses)
  })
})

describe('the body of an error', () => {
  it.each(['{"Error":{"Message":"Bad Request"}}', ' {"status":400,"message":"Bad Request","more":1}\n'])(
    'the API answers so itself: %s',
    body => {
      expect(isOwnError(body)).toBe(true)
    },
  )

  it.each([
    '',
    '<html>400</html>',
    'null',
    '7',
    '"text"',
    '[{"Error":{"Message":"Bad Request"}}]',
    '{}',
    '{"Error":null}',
    '{"Error":"Bad Request"}',
    '{"Error":["Bad Request"]}',
    '{"Error":{"Message":null}}',
    '{"Error":{}}',
    '{"status":400}',
    '{"message":"Bad Request"}',
    '{"status":"400","message":"Bad Request"}',
    '{"status":400,"message":null}',
  ])('may be that of a proxy or firewall: %s', body => {
    expect(isOwnError(body)).toBe(false)
  })
})
