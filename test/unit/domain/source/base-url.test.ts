import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EVENTS_API_HOSTS } from '../../../../shared/contract/hosts.ts'
import { allowedOrigin, findEventsHost } from '../../../../shared/domain/source/base-url.ts'
import { examples } from '../../../support/examples.ts'

const LOOPBACK = 'http://127.0.0.1'

describe('allowedOrigin', () => {
  it.each([
    'events.1password.com',
    'https://events.1password.com',
    'https://events.1password.com/',
    'EVENTS.1Password.COM',
    'events.1password.com:443',
  ])('takes %s for the origin of the United States', baseUrl => {
    expect(allowedOrigin(baseUrl, EVENTS_API_HOSTS)).toBe('https://events.1password.com')
  })

  it.each([...EVENTS_API_HOSTS])('takes %s', host => {
    expect(allowedOrigin(host, EVENTS_API_HOSTS)).toBe(`https://${host}`)
  })

  it.each([
    '',
    'http://events.1password.com',
    'https://events.1password.com:8443',
    'https://events.1password.com./',
    'https://user:secret@events.1password.com',
    'https://events.1password.com@evil.example',
    'https://evil.example/?events.1password.com',
    'https://evil.example#events.1password.com',
    'https://evil.example\\@events.1password.com',
    'https://events.1password.com/api/v2',
    'https://events.1password.com?x=1',
    'https://events.1password.com.evil.example',
    'https://xevents.1password.com',
    'ftp://events.1password.com',
    '//events.1password.com',
    ' events.1password.com',
    'events.1password.com\n',
    'events.1passwоrd.com',
    'events.1password.com:99999',
    'http://127.0.0.1:8080',
    '[::1',
  ])('refuses %j', baseUrl => {
    expect(allowedOrigin(baseUrl, EVENTS_API_HOSTS)).toBeUndefined()
  })

  it('allows http on every port for a loopback entry, and nothing else', () => {
    expect(allowedOrigin('http://127.0.0.1:8080', [LOOPBACK])).toBe('http://127.0.0.1:8080')
    expect(allowedOrigin('http://127.0.0.1/', [LOOPBACK])).toBe('http://127.0.0.1')
    expect(allowedOrigin('https://127.0.0.1:8080', [LOOPBACK])).toBeUndefined()
    expect(allowedOrigin('127.0.0.1:8080', [LOOPBACK])).toBeUndefined()
    expect(allowedOrigin('http://127.0.0.2:8080', [LOOPBACK])).toBeUndefined()
    expect(allowedOrigin('http://localhost:8080', [LOOPBACK])).toBeUndefined()
  })

  it('allows only the port that an entry names, if it names one', () => {
    expect(allowedOrigin('http://[::1]:81', ['http://[::1]:81'])).toBe('http://[::1]:81')
    expect(allowedOrigin('http://[::1]:82', ['http://[::1]:81'])).toBeUndefined()
    expect(allowedOrigin('proxy.example:8443', ['proxy.example:8443'])).toBe('https://proxy.example:8443')
    expect(allowedOrigin('proxy.example', ['proxy.example:8443'])).toBeUndefined()
  })

  it('never allows http to another machine, even if an entry says so', () => {
    expect(allowedOrigin('http://events.example', ['http://events.example'])).toBeUndefined()
    expect(allowedOrigin('http://127.0.0.1.example', ['http://127.0.0.1.example'])).toBeUndefined()
  })

  it('finds the host of the Events API for every place where accounts sign in, and for nothing else', () => {
    expect(
      [
        '1password.com',
        'https://acme.1password.com/signin?l=en',
        'https://acme.ent.1password.com/signin',
        'ACME.Ent.1Password.com',
        'http://my.1password.ca:443',
        'acme.1password.eu.',
        'https://events.1password.eu/api/v2',
        'acme.1password.eu.evil.example',
        'x1password.eu',
        'https://acme.1password.eu@evil.example',
        'acme.1password.org',
        'acme.1passwоrd.eu',
        '',
      ].map(findEventsHost),
    ).toEqual([
      'events.1password.com',
      'events.1password.com',
      'events.ent.1password.com',
      'events.ent.1password.com',
      'events.1password.ca',
      'events.1password.eu',
      'events.1password.eu',
      ...Array(6).fill(undefined),
    ])
  })

  it('answers nothing but an origin of the list, whatever is asked', () => {
    const part = fc.constantFrom(
      'https://',
      'http://',
      ...EVENTS_API_HOSTS,
      '127.0.0.1',
      '@',
      ':',
      '/',
      '?',
      '#',
      '\\',
      '.',
      '0',
      'x',
    )
    const text = fc.oneof(
      fc.array(part, { maxLength: 6 }).map(parts => parts.join('')),
      fc.string(),
      fc.webUrl(),
    )
    fc.assert(
      fc.property(text, baseUrl => {
        const origin = allowedOrigin(baseUrl, [...EVENTS_API_HOSTS, LOOPBACK])
        if (origin === undefined) return
        const { protocol, hostname } = new URL(origin)
        expect(origin).toBe(new URL(origin).origin)
        expect(protocol).toBe(hostname === '127.0.0.1' ? 'http:' : 'https:')
        expect([...EVENTS_API_HOSTS, '127.0.0.1']).toContain(hostname)
      }),
      { numRuns: examples(2000) },
    )
  })
})
