import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { API_NAMES, type Api } from '../../../../shared/contract/apis.ts'
import { toOcsfEvent } from '../../../../shared/domain/ocsf/ocsf-event.ts'
import { examples } from '../../../support/examples.ts'
import { anyEvent } from '../../../support/ocsf/any-event.ts'
import { madeEvents, sampleWith, type VendorEvent } from '../../../support/ocsf/vendor-events.ts'
import { OBJECT_TYPES, SIGN_IN_TYPES } from '../../../support/ocsf/vendor-words.ts'

const DELIVERED = { deliveredMs: 1_800_000_000_000 }

/** Counts each text, number, boolean and null in a value, also in what is inside it. */
function countLeaves(value: unknown, counts = new Map<unknown, number>()): Map<unknown, number> {
  if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) countLeaves(inner, counts)
  else counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

/** Returns the values of an event that are not as often in what it is mapped to. */
function lost(api: Api, event: VendorEvent): unknown[] {
  const mapped = countLeaves(JSON.parse(JSON.stringify(toOcsfEvent(api, event, DELIVERED))))
  return [...countLeaves(event)]
    .filter(([leaf, count]) => (mapped.get(leaf) ?? 0) < count)
    .map(([leaf]) => leaf)
}

/** An event in which no two members have the same value, and all values are usable. */
function distinctEvent(api: Api, members: VendorEvent): VendorEvent {
  const rename = (value: unknown, at: string): unknown => {
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, rename(inner, `${at}.${name}`)]),
      )
    if (at.endsWith('email')) return `${at.slice(1)}@example.com`
    return at.endsWith('uuid') ? at : value
  }
  return { ...(rename(sampleWith(api, {}), '') as VendorEvent), ...members, new_member: { of: 'tomorrow' } }
}

describe('nothing is lost', () => {
  it('of any sign-in attempt', () => {
    for (const type of SIGN_IN_TYPES) expect(lost('sign-in', distinctEvent('sign-in', { type }))).toEqual([])
  })

  it('of any item usage', () => {
    expect(lost('itemUsage', distinctEvent('itemUsage', {}))).toEqual([])
    expect(lost('itemUsage', distinctEvent('itemUsage', { used_version: 0 }))).toEqual([])
  })

  it('of an audit event with any object', () => {
    for (const object_type of [...OBJECT_TYPES, 'new'])
      expect(lost('auditEvents', distinctEvent('auditEvents', { action: 'grant', object_type }))).toEqual([])
  })

  it.each(API_NAMES)('of events that nobody has seen yet: %s', api => {
    fc.assert(
      fc.property(anyEvent(api), event => {
        // A time in milliseconds or a constant may happen to be a value, so only the values that are there count.
        const leaves = countLeaves(JSON.parse(JSON.stringify(toOcsfEvent(api, event, DELIVERED))))
        expect([...countLeaves(event).keys()].filter(leaf => !leaves.has(leaf))).toEqual([])
      }),
      { numRuns: examples(500) },
    )
  })

  it.each(API_NAMES)('of made events: %s', api => {
    for (const text of madeEvents(api, 500)) expect(lost(api, JSON.parse(text))).toEqual([])
  })

  it('of a member with the name of a prototype', () => {
    const event: VendorEvent = JSON.parse('{"__proto__":{"a":"b"},"client":{"__proto__":"c","app_name":"d"}}')
    expect(JSON.stringify(toOcsfEvent('sign-in', event, DELIVERED)['unmapped'])).toBe(
      '{"__proto__":{"a":"b"},"client":{"__proto__":"c"}}',
    )
  })

  it('of a member whose name looks like a path', () => {
    const event = { 'client.app_name': 'a', client: { app_name: 'b' } }
    expect(toOcsfEvent('sign-in', event, DELIVERED)['unmapped']).toEqual({ 'client.app_name': 'a' })
  })
})

describe('the text of an item', () => {
  it('is raw data only on demand', () => {
    expect(toOcsfEvent('sign-in', {}, DELIVERED)).not.toHaveProperty('raw_data')
    expect(toOcsfEvent('sign-in', {}, { ...DELIVERED, rawData: '{}' })).toHaveProperty('raw_data', '{}')
  })
})

describe('what is left over', () => {
  it('is nothing if every member has an attribute', () => {
    const event = { uuid: 'a', type: 'mfa_ok', session_uuid: 'b', target_user: { uuid: 'c' } }
    expect(toOcsfEvent('sign-in', event, DELIVERED)).not.toHaveProperty('unmapped')
  })

  it('is what OCSF has no attribute for, where it was', () => {
    expect(toOcsfEvent('itemUsage', sampleWith('itemUsage', {}), DELIVERED)['unmapped']).toEqual({
      used_version: 123,
      user: { user_type: 'user', user_account_uuid: '56YE2TYN2VFYRLNSHKPW5NVT5E' },
      client: { app_version: '20127', platform_name: 'Chrome', platform_version: '<string>' },
    })
  })

  it('is an address, a time or a number in a form that OCSF does not take', () => {
    const event = {
      timestamp: 'yesterday',
      client: { ip_address: '10.0.0.256' },
      location: { city: 'Bern', latitude: '46.9' },
    }
    const mapped = toOcsfEvent('sign-in', event, DELIVERED)
    expect(mapped).toMatchObject({
      time: DELIVERED.deliveredMs,
      metadata: { original_time: 'yesterday' },
      src_endpoint: { name: 'unknown', location: { city: 'Bern' } },
      unmapped: { client: { ip_address: '10.0.0.256' }, location: { latitude: '46.9' } },
    })
    expect(mapped['src_endpoint']).not.toHaveProperty('ip')
  })
})
