import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { API_NAMES, APIS } from '../../../../shared/contract/apis.ts'
import type { RequestSection } from '../../../../shared/domain/source/request-section.ts'
import { findApi, SUPPORTED_APIS } from '../../../../shared/domain/source/supported-apis.ts'

function check(supported_apis: unknown) {
  const section: RequestSection = { path: 'config', values: { supported_apis }, faults: [] }
  return { apis: SUPPORTED_APIS.check(section, 'supported_apis', undefined), faults: section.faults }
}

describe('findApi', () => {
  it.each(API_NAMES)('finds %s by its own spelling, its feature and its title', api => {
    const spellings = [api, APIS[api].feature, APIS[api].title]
    expect(spellings.map(findApi)).toEqual([api, api, api])
  })

  it.each([
    ['SignIn', 'sign-in'],
    ['SIGN_IN_ATTEMPTS', 'sign-in'],
    ['item-usage', 'itemUsage'],
    ['item_usages', 'itemUsage'],
    ['audit', 'auditEvents'],
    ['audit-events', 'auditEvents'],
    ['auditEvent', 'auditEvents'],
  ] as const)('takes %s for %s', (spelling, api) => {
    expect(findApi(spelling)).toBe(api)
  })

  it('finds nothing else, not even by the names of object members', () => {
    for (const text of ['', 'constructor', '__proto__', 'toString', 'items', 'sign'])
      expect(findApi(text)).toBeUndefined()
  })
})

describe('supported_apis', () => {
  it('keeps the order of the request', () => {
    expect(check(['audit', 'sign-in'])).toEqual({ apis: ['auditEvents', 'sign-in'], faults: [] })
  })

  it.each([undefined, null, [], 'sign-in', {}, 1])('refuses %j', given => {
    expect(check(given)).toEqual({
      apis: undefined,
      faults: [expect.objectContaining({ field: 'config.supported_apis' })],
    })
  })

  it('names the position of an unknown API, without repeating its text', () => {
    const { faults } = check(['sign-in', 'my-secret-token'])
    expect(faults).toEqual([expect.objectContaining({ field: 'config.supported_apis[1]' })])
    expect(JSON.stringify(faults)).not.toContain('my-secret-token')
  })

  it('refuses one API in two spellings', () => {
    expect(check(['audit', 'auditEvents']).faults[0]?.message).toContain('more than once')
  })

  it('returns a list without repeats, or faults, for any input', () => {
    fc.assert(
      fc.property(fc.anything(), given => {
        const { apis, faults } = check(given)
        expect(apis === undefined).toBe(faults.length > 0)
        expect(new Set(apis).size).toBe(apis?.length ?? 0)
      }),
    )
  })
})
