import { describe, expect, it } from 'vitest'
import {
  ACTOR_EMAIL,
  ACTOR_UID,
  CLIENT,
  COMMON,
  DELIVERED_MS,
  IP,
  map,
  OCSF_LOCATION,
  OCSF_METADATA,
  OCSF_USER,
  product,
  USER,
  USER_UID,
} from '../../../support/ocsf/mapped-event.ts'
import type { VendorEvent } from '../../../support/ocsf/vendor-events.ts'

describe('a sign-in attempt', () => {
  it('has these attributes', () => {
    const event = {
      ...COMMON,
      session_uuid: 'session-1',
      category: 'firewall_failed',
      type: 'continent_blocked',
      country: 'FR',
      details: { value: 'Europe' },
      target_user: USER,
      client: CLIENT,
    }
    expect(map('sign-in', event)).toEqual({
      activity_id: 1,
      activity_name: 'Logon',
      category_uid: 3,
      category_name: 'Identity & Access Management',
      class_uid: 3002,
      class_name: 'Authentication',
      type_uid: 300_201,
      type_name: 'Authentication: Logon',
      severity_id: 3,
      severity: 'Medium',
      status_id: 2,
      status: 'Failure',
      status_detail: 'firewall_failed continent_blocked Europe',
      time: Date.UTC(2026, 2, 1, 11, 0, 0, 123),
      is_remote: true,
      metadata: { ...OCSF_METADATA, ...product('signinattempts'), event_code: 'continent_blocked' },
      user: OCSF_USER,
      service: { name: '1Password', uid: 'account-1' },
      session: { uid: 'session-1' },
      actor: { app_name: '1Password for Mac' },
      src_endpoint: {
        ip: '10.1.2.3',
        svc_name: '1Password for Mac',
        os: { name: 'MacOSX', version: '15.1', type_id: 300, type: 'macOS' },
        location: OCSF_LOCATION,
      },
      observables: [
        { ...USER_UID, value: 'user-1' },
        { ...ACTOR_EMAIL, name: 'user.email_addr', value: 'ann@example.com' },
        { ...IP, value: '10.1.2.3' },
      ],
      unmapped: {
        category: 'firewall_failed',
        country: 'FR',
        details: { value: 'Europe' },
        client: { app_version: '81' },
      },
    })
  })

  it('has what OCSF demands even if it says nothing', () => {
    expect(map('sign-in', {})).toMatchObject({
      time: DELIVERED_MS,
      user: { uid: 'unknown' },
      service: { name: '1Password' },
      actor: { app_name: '1Password' },
      src_endpoint: { name: 'unknown' },
    })
  })

  it('has no observable for what it does not name', () => {
    expect(map('sign-in', {})).not.toHaveProperty('observables')
  })

  it('comes from an address, or from an app', () => {
    expect(map('sign-in', { client: { ip_address: '10.1.2.3' } })['src_endpoint']).toEqual({ ip: '10.1.2.3' })
    expect(map('sign-in', { client: { app_name: 'a' } })['src_endpoint']).toEqual({ svc_name: 'a' })
  })

  it('may have the address in an older member', () => {
    const old = { client: { ip: '10.1.2.3' } }
    expect(map('sign-in', old)).toMatchObject({ src_endpoint: { ip: '10.1.2.3' } })
    const both = { client: { ip_address: '10.1.2.4', ip: '10.1.2.3' } }
    expect(map('sign-in', both)).toMatchObject({ src_endpoint: { ip: '10.1.2.4' } })
  })
})

describe('an item usage', () => {
  it('has these attributes', () => {
    const event = {
      ...COMMON,
      used_version: 0,
      vault_uuid: 'vault-1',
      item_uuid: 'item-1',
      action: 'reveal',
      user: USER,
      client: { app_name: '1Password for Mac' },
    }
    expect(map('itemUsage', event)).toEqual({
      activity_id: 2,
      activity_name: 'Read',
      category_uid: 6,
      category_name: 'Application Activity',
      class_uid: 6003,
      class_name: 'API Activity',
      type_uid: 600_302,
      type_name: 'API Activity: Read',
      severity_id: 1,
      severity: 'Informational',
      status_id: 1,
      status: 'Success',
      time: Date.UTC(2026, 2, 1, 11, 0, 0, 123),
      metadata: { ...OCSF_METADATA, ...product('itemusages'), event_code: 'reveal' },
      actor: { user: OCSF_USER, app_name: '1Password for Mac' },
      api: { operation: 'reveal', service: { name: '1Password', uid: 'account-1' } },
      resources: [
        { type: 'Item', uid: 'item-1', version: '0' },
        { type: 'Vault', uid: 'vault-1' },
      ],
      src_endpoint: { svc_name: '1Password for Mac', location: OCSF_LOCATION },
      observables: [
        { ...ACTOR_UID, value: 'user-1' },
        { ...ACTOR_EMAIL, value: 'ann@example.com' },
        { name: 'resources[].uid', type_id: 10, type: 'Resource UID', value: 'item-1' },
        { name: 'resources[].uid', type_id: 10, type: 'Resource UID', value: 'vault-1' },
      ],
      unmapped: { used_version: 0 },
    })
  })

  it('has only the resources that it names', () => {
    expect(map('itemUsage', { vault_uuid: 'vault-1', used_version: 3 })['resources']).toEqual([
      { type: 'Vault', uid: 'vault-1' },
    ])
    expect(map('itemUsage', {})).not.toHaveProperty('resources')
  })
})

describe('a place', () => {
  const located = (location: VendorEvent) =>
    (map('sign-in', { location })['src_endpoint'] as VendorEvent)['location']

  it('has a country of two letters, or the name of a country beside a place', () => {
    expect(located({ country: 'CA' })).toEqual({ country: 'CA' })
    expect(located({ country: 'Canada', city: 'Toronto' })).toEqual({ desc: 'Canada', city: 'Toronto' })
    expect(located({ country: 'Canada', region: 'Ontario' })).toEqual({ desc: 'Canada', region: 'Ontario' })
  })

  it('is left out without country, region or city', () => {
    expect(located({ country: 'Canada', latitude: 43 })).toBeUndefined()
    expect(map('sign-in', { location: { country: 'Canada', latitude: 43 } })['unmapped']).toEqual({
      location: { country: 'Canada', latitude: 43 },
    })
  })
})

describe('an e-mail address', () => {
  it('that OCSF does not take is only the name', () => {
    const mapped = map('sign-in', { target_user: { uuid: 'a', email: 'ann lee@example.com' } })
    expect(mapped['user']).toEqual({ uid: 'a', name: 'ann lee@example.com', type_id: 1, type: 'User' })
  })

  it('alone is enough for a user', () => {
    const mapped = map('itemUsage', { user: { email: 'ann@example.com' } })
    expect(mapped['actor']).toMatchObject({
      user: { name: 'ann@example.com', email_addr: 'ann@example.com' },
    })
  })
})
