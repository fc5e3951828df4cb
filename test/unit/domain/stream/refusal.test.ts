import { expect, it } from 'vitest'
import { isOwnError } from '../../../../shared/domain/stream/refusal.ts'

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
])('a proxy or firewall may answer so: %s', body => {
  expect(isOwnError(body)).toBe(false)
})
