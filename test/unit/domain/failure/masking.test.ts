import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskedError, maskText } from '../../../../shared/domain/failure/masking.ts'
import { examples } from '../../../support/examples.ts'

const TOKEN = 's3cret.token-of-a-source'
const JWT = 'eyJhbGciOiJFUzI1NiIsImtpZCI6IngifQ.eyJzdWIiOiIxIn0.MEUCIQDx-_y'

const hex = (char: string): string => (char.codePointAt(0) ?? 0).toString(16).padStart(2, '0')
const each = (text: string, encode: (char: string, i: number) => string): string =>
  [...text].map(encode).join('')
const isOdd = (i: number): boolean => i % 3 === 1
const NEEDS_ENTITY = /[<>&"']/

/** An encoding, and how long the longest encoded character is. */
const ENCODINGS: Readonly<Record<string, readonly [encode: (text: string) => string, longest: number]>> = {
  'as it is': [text => text, 1],
  'JSON text': [text => JSON.stringify(text).slice(1, -1), 2],
  'JSON text with escaped slashes': [text => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'), 2],
  'escaped characters': [text => each(text, char => `\\u00${hex(char)}`), 6],
  'escaped dots': [text => each(text, c => (/\w/.test(c) ? c : `\\u00${hex(c).toUpperCase()}`)), 6],
  'escapes of JavaScript': [text => each(text, (c, i) => (isOdd(i) ? `\\x${hex(c)}` : c)), 4],
  'URL-encoded': [text => each(text, c => (/[\w-]/.test(c) ? c : `%${hex(c)}`)), 3],
  'URL-encoded in every character': [text => each(text, c => `%${hex(c).toUpperCase()}`), 3],
  HTML: [text => each(text, c => (NEEDS_ENTITY.test(c) ? `&#${c.codePointAt(0)};` : c)), 5],
  'HTML in every character': [text => each(text, c => `&#x${hex(c)};`), 6],
  'broken into lines': [text => each(text, (c, i) => (isOdd(i) ? `${c}\r\n ` : c)), 4],
  base64: [text => Buffer.from(text).toString('base64'), 2],
  base64url: [text => Buffer.from(text).toString('base64url'), 2],
  hex: [text => Buffer.from(text).toString('hex'), 2],
  'a Basic header': [text => Buffer.from(`token:${text}`).toString('base64'), 2],
}
const NAMES = Object.keys(ENCODINGS)

/** These leave a text that the others can encode once more; the last two of base64 cannot be told from a part. */
const LAYERS = ['JSON text', 'escaped dots', 'URL-encoded', 'HTML', 'broken into lines'] as const

const printable = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map(n => String.fromCharCode(n)) })
const base64url = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
const section = fc.string({ unit: base64url, minLength: 20, maxLength: 400 })
const jwt = fc.tuple(section, section, section).map(parts => parts.join('.'))
const opaque = fc
  .tuple(printable, fc.uuid(), fc.uuid())
  .map(([text, a, b]) => `${a.replaceAll('-', '/')}${text.replaceAll(/[%&\\]/g, '.')}${b}`)
const token = fc.oneof(jwt, opaque)

/** Whether a part of the encoded token is still there from which eleven of its characters can be read. */
const shows = (output: string, encoded: string, longest: number): boolean => {
  const size = 11 * longest
  for (let at = 0; at + size <= encoded.length; at++) {
    if (output.includes(encoded.slice(at, at + size))) return true
  }
  return false
}

describe('the mask', () => {
  it.each(NAMES)('hides a secret that is written %s, also where a text is cut within it', name => {
    const [encode, longest] = ENCODINGS[name] ?? [String, 1]
    fc.assert(
      fc.property(token, fc.double({ min: 0, max: 1, noNaN: true }), (secret, share) => {
        const encoded = encode(secret)
        const whole = `<p>Authorization: ${encoded}, and so on</p>`
        const cuts = [whole, whole.slice(0, Math.ceil(whole.length * share))]
        const late = whole.slice(Math.floor(encoded.length * share))
        for (const text of [...cuts, late]) {
          const masked = maskText(text, [secret])
          expect(shows(masked, encoded, longest)).toBe(false)
          expect(masked).not.toContain(secret)
        }
      }),
      { numRuns: examples(60) },
    )
  })

  it('hides a secret in up to three encodings', () => {
    const layers = fc.array(fc.constantFrom(...LAYERS), { minLength: 2, maxLength: 3 })
    fc.assert(
      fc.property(jwt, layers, (secret, names) => {
        const encoded = names.reduce((text, name) => ENCODINGS[name]?.[0](text) ?? text, secret)
        expect(shows(maskText(`{"got":"${encoded}"}`, [secret]), encoded, 6)).toBe(false)
      }),
      { numRuns: examples(60) },
    )
  })

  it('hides each of several secrets, and leaves what is around them', () => {
    const text = `a ${TOKEN} b ${encodeURIComponent('other/secret+value')} c`
    expect(maskText(text, [TOKEN, '', 'other/secret+value'])).toBe('a ******** b ******** c')
  })

  it.each([
    [3, 'cut: sec', ''],
    [4, 'cut: ********', ''],
    [7, 'cut: ********', ''],
    [7, 'cut: secret-, and on', ', and on'],
    [8, 'cut: ********, and on', ', and on'],
    [24, 'cut: ********, and on', ', and on'],
    [8, 'cut: ********', ''],
    [9, 'cut: ********', ''],
  ])('makes of the first %i characters of a secret: %s', (length, masked, rest) => {
    const secret = 'secret-01234567890123456'
    expect(maskText(`cut: ${secret.slice(0, length)}${rest}`, [secret])).toBe(masked)
  })

  it('hides a secret that is longer than all that is shown', () => {
    const secret = 'x1-Y2_z3.'.repeat(900)
    for (const most of [100, 2048, 8000]) {
      const masked = maskText(`Bad request: ${secret}`.slice(0, most), [secret])
      expect(masked).toBe('Bad request: ********')
    }
  })

  it.each([7, 8, 9])('hides a secret of %i characters, which is a part itself', length => {
    const secret = 'secret-0123'.slice(0, length)
    expect(maskText(`is ${secret} here`, [secret])).toBe('is ******** here')
    expect(maskText(`is ${secret.slice(0, length - 1)}`, [secret])).toBe(
      length > 8 ? 'is ********' : `is ${length > 4 ? '********' : secret}`,
    )
  })

  it('hides several places of one text in their order, and leaves what is between them', () => {
    expect(maskText(`a%73%33cret.token-of-a-source b ${TOKEN} c ${TOKEN}`, [TOKEN])).toBe(
      'a******** b ******** c ********',
    )
  })

  it('is quick even for the longest body', { tags: ['long'] }, () => {
    const body = 'eyJ0b2tlbiI6\\u0022%41&amp;'.repeat(600)
    const begun = performance.now()
    maskText(body, ['s3cret.token-of-a-source'])
    expect(performance.now() - begun).toBeLessThan(5000)
  })

  it.each([
    [`token ${JWT}.`, 'token ********.'],
    [`{"authorization":"Bearer ${TOKEN}"}`, '{"authorization":"Bearer ********"}'],
    ['Basic b3A3Y2M0MGJjNTprZXk=', 'Basic ********'],
  ])('hides what looks like a credential, even if nobody knows it: %s', (text, masked) => {
    expect(maskText(text, [])).toBe(masked)
  })

  it.each(['Basic auth', 'the Bearer of bad news', 'eyJ is how a token begins', 'events.1password.com'])(
    'leaves other texts as they are: %s',
    text => {
      expect(maskText(text, [])).toBe(text)
    },
  )
})

it('throws an error on with its name and stack, and without its secrets', () => {
  const error = new TypeError(`refused ${TOKEN}`)
  const masked = maskedError(error, [TOKEN])
  expect(masked).toMatchObject({ name: 'TypeError', message: 'refused ********' })
  expect(masked.stack).toBe(error.stack?.replaceAll(TOKEN, '********'))
  expect(maskedError(TOKEN, [TOKEN])).toMatchObject({ name: 'Error', message: '********' })
})
