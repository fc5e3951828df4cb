import { expect, it } from 'vitest'
import { createReader, finish, skipSpace, skipValue } from '../../../../shared/domain/stream/json-reader.ts'

/** Reads a text as JSON. Throws SyntaxError if it is none. */
function readAll(text: string): void {
  const reader = createReader(Buffer.from(text))
  skipSpace(reader)
  skipValue(reader)
  finish(reader)
}

it('goes as deep as the text does', () => {
  const deep = 1_000_000
  expect(() => readAll('['.repeat(deep) + ']'.repeat(deep))).not.toThrow()
  expect(() => readAll('['.repeat(deep) + ']'.repeat(deep - 1))).toThrow(SyntaxError)
  expect(() => readAll(`${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`)).not.toThrow()
})
