import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  answerFailure,
  failureOf,
  isNetworkFailure,
  isRunFailure,
  NetworkFailure,
  RunFailure,
} from '../../../shared/domain/failure.ts'

const UNAUTHORIZED = '{"Error":{"Message":"Unauthorized"}}'

describe('an answer that is not a 200', () => {
  it.each([
    [401, 'ThirdPartyConfig', /Update api_token/],
    [403, 'ThirdPartyConfig', /Update api_token/],
    [404, 'ThirdPartyConfig', /Set base_url/],
    [302, 'ThirdPartyGeneric', /asked again/],
    [400, 'ThirdPartyGeneric', /asked again/],
    [408, 'ThirdPartyGeneric', /asked again/],
    [418, 'ThirdPartyGeneric', /asked again/],
    [429, 'ThirdPartyGeneric', /asked again/],
    [500, 'ThirdPartyGeneric', /asked again/],
    [502, 'ThirdPartyGeneric', /asked again/],
    [503, 'ThirdPartyGeneric', /asked again/],
    [504, 'ThirdPartyGeneric', /asked again/],
  ])('%i is %s: status, body as received and what to do', (status, type, advice) => {
    const failure = answerFailure(status, UNAUTHORIZED)
    expect(failure).toMatchObject({ type, code: status })
    expect(failure.message.startsWith(`${status}: ${UNAUTHORIZED}`)).toBe(true)
    expect(failure.message).toMatch(advice)
  })

  it.each(['', ' \n'])('says so when there is no body: %j', body => {
    expect(answerFailure(503, body).message).toMatch(/^503: no body — /)
  })

  it('keeps 2048 characters of a body and shows that there was more', () => {
    const body = 'x'.repeat(2048)
    expect(answerFailure(500, body).message.startsWith(`500: ${body} — `)).toBe(true)
    expect(answerFailure(500, `${body}y`).message.startsWith(`500: ${body}… — `)).toBe(true)
  })

  it('is well-formed text even when it is cut in the middle of a character', () => {
    fc.assert(
      fc.property(fc.nat(3), shift => {
        const { message } = answerFailure(500, `${'x'.repeat(shift)}${'😀'.repeat(1100)}`)
        expect(message.isWellFormed()).toBe(true)
        expect(message.length).toBeLessThan(2048 + 100)
      }),
    )
  })
})

describe('any other error', () => {
  it('that is a failure already stays as it is', () => {
    const failure = answerFailure(401, '')
    expect(failureOf(failure, 'asking')).toBe(failure)
  })

  it('of the network is the other side’s and passes', () => {
    const cause = new NetworkFailure(
      '1Password could not be reached at https://x: the connection was refused',
    )
    const failure = failureOf(cause, 'asking 1Password for /api/v2/auditevents')
    expect(failure).toMatchObject({ type: 'ThirdPartyGeneric', code: 0, cause })
    expect(failure.message).toBe(
      `${cause.message}, while asking 1Password for /api/v2/auditevents; it is tried again.`,
    )
  })

  it.each([
    [
      Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' }),
      'ThrottlingException: Rate exceeded',
    ],
    [new TypeError('x is undefined'), 'TypeError: x is undefined'],
    ['thrown text', 'Error: thrown text'],
    [undefined, 'Error: undefined'],
  ])('is our own and passes: %s', (error, text) => {
    const failure = failureOf(error, 'saving the task')
    expect(failure).toMatchObject({ type: 'FirstPartyGeneric', code: 500 })
    expect(failure.message).toBe(`${text}, while saving the task; it is tried again.`)
  })

  it('is bounded', () => {
    expect(failureOf(new Error('x'.repeat(1e6)), 'saving').message.length).toBeLessThan(2200)
  })

  it('is recognised by name, not by class: bundles may hold a class twice', () => {
    expect(isRunFailure(new RunFailure('FirstPartyGeneric', 500, 'x'))).toBe(true)
    expect(isRunFailure(Object.assign(new Error('x'), { name: 'RunFailure' }))).toBe(true)
    expect(isRunFailure({ name: 'RunFailure' })).toBe(false)
    expect(isNetworkFailure(new NetworkFailure('x'))).toBe(true)
    expect(isNetworkFailure(new Error('x'))).toBe(false)
  })
})
