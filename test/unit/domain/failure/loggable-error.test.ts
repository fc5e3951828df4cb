import { describe, expect, it } from 'vitest'
import { MAX_LOGGED_ERRORS } from '../../../../shared/contract/limits.ts'
import { loggableError } from '../../../../shared/domain/failure/loggable-error.ts'

const TOKEN = 's3cret.token-of-a-source'

describe('an error in a log line', () => {
  it('has its name, message and stack', () => {
    const error = new TypeError('x is not a function')
    const { name, message, stack, cause } = loggableError(error)
    expect({ name, message, cause }).toEqual({ name: 'TypeError', message: 'x is not a function' })
    expect(stack).toMatch(/^TypeError: x is not a function\n +at .*loggable-error\.test\.ts/)
  })

  it('has what the SDK of AWS adds about the response', () => {
    const $metadata = { httpStatusCode: 400, requestId: 'r-1' }
    const error = Object.assign(new Error('slow down'), { code: 'ECONNRESET', $metadata })
    expect(loggableError(error)).toMatchObject({ code: 'ECONNRESET', status: 400, requestId: 'r-1' })
  })

  it('has every cause', () => {
    const root = new RangeError('root')
    const error = new Error('outer', { cause: new Error('middle', { cause: root }) })
    expect(loggableError(error)).toMatchObject({
      message: 'outer',
      cause: { message: 'middle', cause: { name: 'RangeError', stack: root.stack } },
    })
  })

  it('has every failure of an AggregateError, with its causes', () => {
    const failures = [new Error('first', { cause: 'a text' }), new TypeError('second')]
    expect(loggableError(new AggregateError(failures, 'both'))).toMatchObject({
      message: 'both',
      errors: [
        { message: 'first', cause: { message: 'a text' } },
        { name: 'TypeError', message: 'second' },
      ],
    })
  })

  it('has no member that says nothing', () => {
    const error = new AggregateError([])
    delete error.stack
    expect(loggableError(error)).toStrictEqual({ name: 'AggregateError', message: '', errors: [] })
  })

  it('has the cause of an AggregateError beside its failures', () => {
    const error = new AggregateError([new Error('one')], 'some', { cause: new Error('why') })
    expect(loggableError(error)).toMatchObject({ cause: { message: 'why' }, errors: [{ message: 'one' }] })
  })

  it.each([
    [-1, undefined],
    [0, 1],
  ])('shows as many errors as a line may have: %i more leave out %s', (more, omitted) => {
    const failures = Array.from({ length: MAX_LOGGED_ERRORS + more }, (_, i) => new Error(`${i}`))
    const shown = loggableError(new AggregateError(failures))
    expect(shown.errors).toHaveLength(MAX_LOGGED_ERRORS - 1)
    expect(shown.omitted).toBe(omitted)
  })

  it.each([
    ['a text', 'a text'],
    [undefined, 'undefined'],
    [7, '7'],
  ])('can be made of %j, which was thrown and is no error', (thrown, message) => {
    expect(loggableError(thrown)).toEqual({ name: 'Error', message })
  })

  it('ends where an error is its own cause', () => {
    const error = new Error('round')
    error.cause = new Error('and round', { cause: error })
    expect(loggableError(error).cause?.cause).toBeUndefined()
    expect(loggableError(error)).toMatchObject({ cause: { message: 'and round' } })
  })

  it('is smaller than a line of CloudWatch may be, however large the error is', () => {
    const huge = (n: number) =>
      new Error(`${n} ${'x'.repeat(100_000)}`, { cause: new Error(`cause of ${n}`) })
    const error = new AggregateError(Array.from({ length: 100 }, (_, n) => huge(n)))
    const shown = loggableError(error)
    expect(JSON.stringify(shown).length).toBeLessThan(200_000)
    expect((shown.errors?.length ?? 0) + (shown.omitted ?? 0)).toBe(100)
    expect(shown.omitted).toBeGreaterThan(0)
  })

  it('holds no secret, in message, stack, cause or failures, not even a part where it is cut', () => {
    const inner = new Error(`quoted ${TOKEN}`)
    const long = new Error(`${'x'.repeat(2040)}${TOKEN}`, { cause: new AggregateError([inner, TOKEN]) })
    const text = JSON.stringify(loggableError(long, ['', TOKEN]))
    expect(text).not.toContain('s3cret')
    expect(text).toContain('quoted ********')
  })
})
