import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStoredToken } from '../../../../shared/domain/source/stored-token.ts'

const TOKEN = 'eyJhbGciOiJFUzI1NiJ9.eyJqdGkiOjF9.c2ln'

const WRAPPINGS: readonly ((text: string) => string)[] = [
  text => `${text}\n`,
  text => ` \t${text}\r\n`,
  text => `\ufeff${text}`,
  text => `"${text}"`,
  text => `'${text}'`,
  text => `\`${text}\``,
  text => JSON.stringify(text),
  text => JSON.stringify({ api_token: text }),
  text => JSON.stringify({ token: text }, undefined, 2),
  text => JSON.stringify([text]),
]

describe('a token in the value of a secret', () => {
  it('is itself', () => {
    expect(parseStoredToken(TOKEN)).toBe(TOKEN)
    expect(parseStoredToken('12345')).toBe('12345')
  })

  it.each(WRAPPINGS)('is found in a wrapping (%#)', wrap => {
    expect(parseStoredToken(wrap(TOKEN))).toBe(TOKEN)
  })

  it('is found in up to three wrappings', () => {
    const wrappings = fc.array(fc.constantFrom(...WRAPPINGS), { maxLength: 3 })
    fc.assert(
      fc.property(wrappings, wraps => {
        expect(parseStoredToken(wraps.reduce((text, wrap) => wrap(text), TOKEN))).toBe(TOKEN)
      }),
    )
    const tooDeep = Array.from({ length: 4 }).reduce<string>(text => JSON.stringify([text]), TOKEN)
    expect(parseStoredToken(tooDeep)).toBeUndefined()
  })

  it.each([
    '',
    ' \n',
    '""',
    'two words',
    'tökén',
    '{}',
    '{"api_token":"a","name":"b"}',
    '{"api_token":7}',
    '{"api_token":',
    `"${TOKEN}`,
  ])('is not there: %j', stored => {
    expect(parseStoredToken(stored)).toBeUndefined()
  })
})
