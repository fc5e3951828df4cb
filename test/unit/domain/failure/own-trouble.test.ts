import { expect, it } from 'vitest'
import { ownReason, toOwnFact } from '../../../../shared/domain/failure/own-trouble.ts'

it.each([
  [undefined, 'unexpected'],
  [400, 'unexpected'],
  [403, 'denied'],
  [404, 'missing'],
  [429, 'throttled'],
  [499, 'unexpected'],
  [500, 'unavailable'],
  [503, 'unavailable'],
] as const)('an answer of AWS with the status %s and an unknown name is %s', (status, reason) => {
  const error = Object.assign(new Error('odd'), status && { $metadata: { httpStatusCode: status } })
  expect(ownReason(toOwnFact(error))).toBe(reason)
})

it('an error says its name and message, and code and status only if it has them', () => {
  expect(toOwnFact(new TypeError('odd'))).toStrictEqual({ name: 'TypeError', message: 'odd' })
  const error = Object.assign(new Error('reset'), { code: 'ECONNRESET', $metadata: { httpStatusCode: 503 } })
  expect(toOwnFact(error)).toStrictEqual({
    name: 'Error',
    message: 'reset',
    code: 'ECONNRESET',
    status: 503,
  })
})
