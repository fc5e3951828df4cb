import fc from 'fast-check'

/** The tokens of a JSON text. Delivery must not change them. White space between them may change. */
export type Tokens = readonly string[]

export const compact = (tokens: Tokens): string => tokens.join('')

/** Joins tokens with white space before, between and after them. The white space comes from `spaces`, in turn. */
export const spaced = (tokens: Tokens, spaces: readonly string[]): string =>
  ['', ...tokens, ''].map((token, i) => token + (spaces[i % spaces.length] ?? '')).join('')

const NUMBERS = [
  '0',
  '-0',
  '1.0',
  '1E400',
  '-1e-400',
  '1.10',
  '12345678901234567890',
  '9007199254740993',
  '6.02E+23',
]
const ESCAPES = [
  '\\"',
  '\\\\',
  '\\/',
  '\\b',
  '\\n',
  '\\t',
  '\\u0000',
  '\\u005C',
  '\\u0022',
  '\\ud83d\\ude00',
  '\\uD800',
]
const PLAIN = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  ' ',
  'null',
  'é',
  '😀',
  '𝒳',
  '\u2028',
  '\u00a0',
  '\u007f',
  'uuid',
]

export const space = fc.string({ unit: fc.constantFrom(' ', '\n', '\r\n', '\t'), maxLength: 3 })
export const spaces = fc.array(space, { minLength: 1, maxLength: 7 })

const text: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...ESCAPES, ...PLAIN), { maxLength: 8 }).map(parts => `"${parts.join('')}"`),
  fc.string({ unit: 'binary', maxLength: 8 }).map(value => JSON.stringify(value)),
)

const number: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => JSON.stringify(value)),
  fc.bigInt().map(String),
)

const scalar = fc
  .oneof(text, number, fc.constantFrom('true', 'false', 'null'))
  .map(token => [token] as Tokens)

const commaed = (parts: readonly Tokens[]): Tokens =>
  parts.flatMap((part, i) => (i === 0 ? part : [',', ...part]))

/** There are few keys, so that they repeat. Two of them spell `uuid`. */
const key = fc.oneof(fc.constantFrom('"a"', '"b"', '"uuid"', '"\\u0075uid"', '"__proto__"'), text)

const { value, object } = fc.letrec<{ value: Tokens; array: Tokens; object: Tokens }>(tie => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, tie('array'), tie('object')),
  array: fc.array(tie('value'), { maxLength: 4 }).map(parts => ['[', ...commaed(parts), ']']),
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 4 })
    .map(members => ['{', ...commaed(members.map(([name, tokens]) => [name, ':', ...tokens])), '}']),
}))

export const jsonValue = value
export const jsonObject = object
