import { describe, expect, it } from 'vitest'
import { RETRY_STEPS } from '../../../../shared/contract/retry.ts'
import { readRetryRequest } from '../../../../shared/domain/task/retry-request.ts'

const REQUEST = {
  collectorId: 100000001,
  sourceId: 100000002,
  api: 'auditEvents',
  step: 'collect',
  episode: 'e1',
  execution: 'x1',
}

describe('a request of the retry state machine', () => {
  it.each(RETRY_STEPS)('names task, episode, execution and step: %s', step => {
    expect(readRetryRequest({ ...REQUEST, step })).toEqual({ ...REQUEST, step })
  })

  it('says how the run died', () => {
    const death = { Error: 'States.Timeout', Cause: 'too late' }
    expect(readRetryRequest({ ...REQUEST, step: 'died', death })).toEqual({ ...REQUEST, step: 'died', death })
  })

  it.each([
    [0, { attempts: 0 }],
    [3, { attempts: 3 }],
    ['3', {}],
    [null, {}],
    [undefined, {}],
  ])('says how many runs have failed, if it says so with a number: %j', (attempts, read) => {
    expect(readRetryRequest({ ...REQUEST, attempts })).toStrictEqual({ ...REQUEST, ...read })
  })

  it('may have members of a later version, which are ignored', () => {
    expect(readRetryRequest({ ...REQUEST, attempt: 3 })).toEqual(REQUEST)
  })

  it.each([
    [undefined, 'collectorId must'],
    [{ ...REQUEST, sourceId: '2' }, 'sourceId must'],
    [{ ...REQUEST, api: 'audit' }, 'api must be one of'],
    [{ ...REQUEST, step: 'quit' }, 'step must be one of claim, collect, died'],
    [{ ...REQUEST, step: undefined }, 'step must'],
    [{ ...REQUEST, episode: '' }, 'episode must be a text'],
    [{ ...REQUEST, episode: undefined }, 'episode must'],
    [{ ...REQUEST, execution: 7 }, 'execution must be a text'],
  ])('is refused with the name of the wrong member: %j', (input, member) => {
    expect(() => readRetryRequest(input)).toThrow(new RegExp(`^RetryRequest: ${member}`))
  })
})
