import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createReader, finish, skipSpace, skipValue } from '../../../../shared/domain/stream/json-reader.ts'
import { examples } from '../../../support/examples.ts'
import { jsonValue, spaced, spaces } from '../../../support/json-tokens.ts'

/** Whether the reader takes a text as JSON, and how many bytes of white space it has passed. */
function read(text: string): { readonly isJson: boolean; readonly spaces: number } {
  const reader = createReader(Buffer.from(text))
  try {
    skipSpace(reader)
    skipValue(reader)
    finish(reader)
    return { isJson: true, spaces: reader.spaces }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return { isJson: false, spaces: reader.spaces }
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** What a slip of the pen puts into a text, or in the place of a part of it. */
const slip = fc.oneof(
  fc.constantFrom(
    ...['"', '\\', '{', '}', '[', ']', ',', ':', '-', '+', '.', '0', '1', 'e', 'E', 'u', 'n', 't', ' ', '\t'],
    ...[
      '\n',
      '\r',
      '\u0000',
      '\u001f',
      '\u007f',
      '\u00a0',
      '\ufeff',
      '\u2028',
      'é',
      '😀',
      'null',
      'true',
      'NaN',
    ],
    ...['\\u12', '\\ud83d', '\\x', '/', "'", '//', '1.', '.5', '01', '-', '1e', '1e+', ''],
  ),
  fc.string({ maxLength: 3 }),
)

interface Slip {
  readonly at: number
  readonly length: number
  readonly text: string
}

const slips = fc.array(fc.record({ at: fc.nat(200), length: fc.nat(3), text: slip }), {
  minLength: 1,
  maxLength: 3,
})

/** Changes a text by a slip. */
function mutate(text: string, { at, length, text: other }: Slip): string {
  const characters = [...text]
  characters.splice(at % (characters.length + 1), length, other)
  return characters.join('')
}

describe('the reader of JSON', () => {
  it('takes whatever JSON.parse takes, with any white space, and counts the white space', () => {
    fc.assert(
      fc.property(jsonValue, spaces, (tokens, between) => {
        const text = spaced(tokens, between)
        const bytes = Buffer.byteLength(text) - Buffer.byteLength(tokens.join(''))
        expect(read(text)).toEqual({ isJson: true, spaces: bytes })
      }),
    )
  })

  it('refuses exactly what JSON.parse refuses of texts with slips', () => {
    fc.assert(
      fc.property(jsonValue, spaces, slips, (tokens, between, changes) => {
        const text = changes.reduce(mutate, spaced(tokens, between))
        expect(read(text).isJson).toBe(isJson(text))
      }),
      { numRuns: examples(5_000) },
    )
  })

  it('refuses exactly what JSON.parse refuses of short texts of the characters that JSON is made of', () => {
    const character = fc.constantFrom(...'{}[]",:\\u0123e-+.ntrfals \n\u0000é')
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 8 }), text => {
        expect(read(text).isJson).toBe(isJson(text))
      }),
      { numRuns: examples(5_000) },
    )
  })

  it('refuses every text that is cut off', () => {
    const text = '{"a":[1.5e+10,{"b\\u00e9":"\\"x"},true,null,-0],"c":{}}'
    for (let end = 0; end < text.length; end++) expect(read(text.slice(0, end)).isJson).toBe(false)
    expect(read(text).isJson).toBe(true)
  })
})
