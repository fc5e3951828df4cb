import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expiryWarning, tokenExpiry, tokenExpiryMs } from '../../../../shared/domain/source/token-expiry.ts'

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const tokenWith = (payload: unknown): string => `${part({ alg: 'ES256' })}.${part(payload)}.c2lnbmF0dXJl`

const EXP = Date.parse('2026-09-01T09:30:00Z') / 1000

describe('the expiry of a token', () => {
  it('is the exp of its payload', () => {
    expect(tokenExpiryMs(tokenWith({ exp: EXP }))).toBe(EXP * 1000)
    expect(tokenExpiry(tokenWith({ sub: 'ünï>?~', exp: EXP, iat: 1 }))).toBe('2026-09-01T09:30:00.000Z')
    expect(tokenExpiry(tokenWith({ exp: Date.UTC(9999, 11, 31) / 1000 }))).toBe('9999-12-31T00:00:00.000Z')
    expect(tokenExpiry(tokenWith({ exp: EXP + 0.5 }))).toBe('2026-09-01T09:30:00.500Z')
  })

  it.each([
    ['has no exp', tokenWith({ iat: EXP })],
    ['has an exp of text', tokenWith({ exp: `${EXP}` })],
    ['has no expiry that can be', tokenWith({ exp: -1 })],
    ['has expired at the beginning of time', tokenWith({ exp: 0 })],
    ['expires when years have five digits', tokenWith({ exp: 1e12 })],
    ['has an exp beyond all times', `${part({})}.${Buffer.from('{"exp":1e400}').toString('base64url')}.x`],
    ['has a payload of null', tokenWith(null)],
    ['has a payload that is no object', tokenWith('exp')],
    ['has a payload that is no JSON', `a.${Buffer.from('{').toString('base64url')}.c`],
    ['has two parts', `a.${part({ exp: EXP })}`],
    ['has five parts', `a.${part({ exp: EXP })}.c.d.e`],
    ['is no JWT', 'ops_abcdef'],
    ['is empty', ''],
  ])('is unknown for a token that %s', (_name, token) => {
    expect(tokenExpiryMs(token)).toBeUndefined()
    expect(tokenExpiry(token)).toBeUndefined()
  })

  it('is a time or unknown for any text, and never an error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map(json => tokenWith(JSON.parse(json))),
        ),
        token => {
          const text = tokenExpiry(token)
          expect(text === undefined || new Date(Date.parse(text)).toISOString() === text).toBe(true)
        },
      ),
    )
  })
})

describe('the warning about an expiry', () => {
  const NOW = Date.parse('2026-08-01T00:00:00Z')
  const DAY = 86_400_000

  it.each([
    [-DAY, 'expired'],
    [0, 'expired'],
    [1, 'days3'],
    [3 * DAY, 'days3'],
    [3 * DAY + 1, 'days14'],
    [14 * DAY, 'days14'],
    [14 * DAY + 1, undefined],
    [365 * DAY, undefined],
  ])('%i milliseconds before is %s', (leftMs, warning) => {
    expect(expiryWarning(NOW + leftMs, NOW)).toBe(warning)
  })

  it('only becomes graver as time passes', () => {
    const gravity = [undefined, 'days14', 'days3', 'expired']
    fc.assert(
      fc.property(fc.integer({ min: -20 * DAY, max: 20 * DAY }), fc.nat(30 * DAY), (leftMs, passedMs) => {
        const [before, after] = [
          expiryWarning(NOW + leftMs, NOW),
          expiryWarning(NOW + leftMs, NOW + passedMs),
        ]
        expect(gravity.indexOf(after)).toBeGreaterThanOrEqual(gravity.indexOf(before))
      }),
    )
  })
})
