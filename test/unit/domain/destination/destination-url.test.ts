import { describe, expect, it } from 'vitest'
import {
  findSumoLogicCode,
  findSumoLogicUrlFault,
  findUrlFault,
} from '../../../../shared/domain/destination/destination-url.ts'

const URL_OK = 'https://endpoint4.collection.us2.sumologic.com/receiver/v1/http/ZaVnC4dhaV3=='

describe('the URL of a destination', () => {
  it.each([URL_OK, 'https://x.example:8443/a?b=c', `https://x.example/${'a'.repeat(2048 - 18)}`])(
    'may be %s',
    url => expect(findUrlFault(url, [])).toBeUndefined(),
  )

  it.each([
    ['http://x.example/', 'must begin with https://'],
    ['http://127.0.0.1:8080/', 'must begin with https://'],
    ['ftp://x.example/', 'must begin with https://'],
    ['x.example', 'must be a URL'],
    ['', 'must be printable'],
    ['https://x.example/a b', 'must be printable'],
    ['https://x.example/ü', 'must be printable'],
    ['https://user:secret@x.example/', 'without user name'],
    ['https://user@x.example/', 'without user name'],
    ['https://x.example/#a', 'without a #'],
    [`https://x.example/${'a'.repeat(2049 - 18)}`, 'at most 2048'],
  ])('may not be %s', (url, fault) => expect(findUrlFault(url, [])).toContain(fault))

  it.each([
    ['https://x.example/', true],
    ['https://a.x.example/', true],
    ['https://ax.example/', false],
    ['https://x.example.evil.example/', false],
    ['https://example/', false],
  ])('has a host that the setting allows, or one below it: %s', (url, isAllowed) =>
    expect(findUrlFault(url, ['x.example']) === undefined).toBe(isAllowed),
  )

  it.each([
    ['http://127.0.0.1:8080/', true],
    ['http://127.0.0.2/', false],
    ['http://localhost/', false],
    ['http://127.0.0.1.evil.example/', false],
    ['https://x.example/', false],
  ])('may be of this machine if the setting says so, and then of no other: %s', (url, isAllowed) =>
    expect(findUrlFault(url, ['http://127.0.0.1']) === undefined).toBe(isAllowed),
  )

  it('never shows in a fault', () => {
    for (const url of ['http://x.example/s3cr3tC0de', 'https://a:s3cr3tC0de@x.example', 's3cr3tC0de'])
      expect(findSumoLogicUrlFault(url, [])).not.toContain('s3cr3tC0de')
  })
})

describe('the URL of an HTTP Source', () => {
  it('ends in its code', () => {
    expect(findSumoLogicUrlFault(URL_OK, [])).toBeUndefined()
    expect(findSumoLogicCode(URL_OK)).toBe('ZaVnC4dhaV3==')
  })

  it.each([
    'https://api.sumologic.com/api/v1/collectors',
    'https://endpoint4.collection.sumologic.com/receiver/v1/http/',
    'https://endpoint4.collection.sumologic.com/receiver/v1/http/short',
    'https://endpoint4.collection.sumologic.com/receiver/v1/http/ZaVnC4dhaV3/more',
  ])('is none: %s', url =>
    expect(findSumoLogicUrlFault(url, [])).toContain('must be the address of an HTTP Source'),
  )
})
