import { expect, it } from 'vitest'
import {
  combineFailures,
  finishAll,
  nameFailures,
  throwFailures,
} from '../../../../shared/domain/failure/combined-failure.ts'

it('throws nothing if nothing has failed', async () => {
  expect(() => throwFailures([{ status: 'fulfilled', value: 1 }])).not.toThrow()
  await expect(finishAll([Promise.resolve(1)])).resolves.toBeUndefined()
})

it('throws the only failure as it is', async () => {
  const failure = new TypeError('alone')
  expect(combineFailures([failure])).toBe(failure)
  await expect(finishAll([Promise.resolve(1), Promise.reject(failure)])).rejects.toBe(failure)
})

it('throws one error that holds and names every failure', async () => {
  const failures = [new TypeError('first'), new Error('second')]
  await expect(finishAll(failures.map(failure => Promise.reject(failure)))).rejects.toMatchObject({
    errors: failures,
    message: '2 failures: TypeError: first; Error: second',
  })
})

it('waits for the rest when one fails at once', async () => {
  const ended: string[] = []
  const slow = new Promise<void>(resolve => setTimeout(resolve, 5)).then(() => void ended.push('slow'))
  await expect(finishAll([Promise.reject(new Error('fast')), slow])).rejects.toThrow('fast')
  expect(ended).toEqual(['slow'])
})

it('names each text once, and at most five texts', () => {
  expect(nameFailures(['a', 'b', 'a'])).toBe('a; b')
  expect(nameFailures(['a', 'b', 'c', 'd', 'e'])).toBe('a; b; c; d; e')
  expect(nameFailures(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('a; b; c; d; e; and 2 more')
  expect(nameFailures(['x'.repeat(100_000)]).length).toBeLessThan(3000)
})
