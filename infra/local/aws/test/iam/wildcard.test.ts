import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesArn, matchesPattern } from '../../iam/wildcard.ts'

const letters = fc
  .array(fc.constantFrom('a', 'b', ':', '*', '?'), { maxLength: 8 })
  .map(chars => chars.join(''))
const text = fc.array(fc.constantFrom('a', 'b', ':'), { maxLength: 10 }).map(chars => chars.join(''))

const asRegularExpression = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll('?', '[^]').replaceAll('*', '[^]*')}$`)

test('agrees with the same pattern as a regular expression', () => {
  fc.assert(
    fc.property(letters, text, (pattern, sample) => {
      expect(matchesPattern(pattern, sample)).toBe(asRegularExpression(pattern).test(sample))
    }),
    { numRuns: 2000 },
  )
})

test('fits every text that a pattern was made of', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (head, middle, tail) => {
      expect(
        matchesPattern(
          `${head.replaceAll(/[*?]/g, '?')}*${tail.replaceAll(/[*?]/g, '?')}`,
          head + middle + tail,
        ),
      ).toBe(true)
    }),
  )
})

test('takes no exponential time', () => {
  expect(matchesPattern(`${'*a'.repeat(40)}b`, 'a'.repeat(5000))).toBe(false)
})

test('lets no wildcard of an ARN reach into the next part', () => {
  const queue = 'arn:aws:sqs:us-east-1:000000000000:letters'
  expect(matchesArn('arn:aws:sqs:*:*:letters', queue)).toBe(true)
  expect(matchesArn('arn:aws:*:letters', queue)).toBe(false)
  expect(matchesArn('arn:aws:sqs:*:*:*', `${queue}:more`)).toBe(true)
})
