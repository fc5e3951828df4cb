import { describe, expect, it } from 'vitest'
import {
  createFailure,
  isRunFailure,
  RunFailure,
  toFailure,
} from '../../../../shared/domain/failure/failure.ts'
import { NetworkFailure } from '../../../../shared/domain/failure/network-failure.ts'

describe('an error', () => {
  it('that is a failure already stays as it is', () => {
    const failure = createFailure({ kind: 'answer', status: 401, body: '' })
    expect(toFailure(failure, 'asking')).toBe(failure)
  })

  it('of the network is ThirdPartyGeneric', () => {
    const cause = new NetworkFailure({ reason: 'refused', at: 'https://x' })
    expect(cause.message).toBe('1Password could not be reached at https://x: the connection was refused')
    const failure = toFailure(cause, 'asking 1Password for /api/v2/auditevents')
    expect(failure).toMatchObject({ type: 'ThirdPartyGeneric', code: 0, cause })
    expect(failure.message).toContain(`${cause.message}, while asking 1Password for /api/v2/auditevents`)
  })

  it.each([
    [
      Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' }),
      'ThrottlingException: Rate exceeded',
      'AWS takes no more such calls',
    ],
    [
      Object.assign(new Error('is not authorized'), { name: 'Odd', $metadata: { httpStatusCode: 403 } }),
      'Odd: is not authorized',
      'does not allow the call',
    ],
    [
      Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', $metadata: { attempts: 3 } }),
      'Error: connect ECONNREFUSED',
      'AWS could not be reached',
    ],
    [new TypeError('x is undefined'), 'TypeError: x is undefined', 'see the log'],
    ['thrown text', 'Error: thrown text', 'see the log'],
    [undefined, 'Error: undefined', 'see the log'],
  ])('of any other kind is a passing fault of our own: %s', (error, text, advice) => {
    const failure = toFailure(error, 'saving the task')
    expect(failure).toMatchObject({ type: 'FirstPartyGeneric', code: 500, cause: error })
    expect(failure.message).toContain(`${text}, while saving the task — `)
    expect(failure.message).toContain(advice)
  })

  it('is recognised by its name, not by its class, because bundles may hold a class twice', () => {
    expect(isRunFailure(new RunFailure({ type: 'FirstPartyGeneric', code: 500, info: 'x' }))).toBe(true)
    expect(isRunFailure(Object.assign(new Error('x'), { name: 'RunFailure' }))).toBe(true)
    expect(isRunFailure({ name: 'RunFailure' })).toBe(false)
  })
})
