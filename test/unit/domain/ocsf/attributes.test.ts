import { describe, expect, it } from 'vitest'
import type { Api } from '../../../../shared/contract/apis.ts'
import { toOcsfEvent } from '../../../../shared/domain/ocsf/ocsf-event.ts'
import type { VendorEvent } from '../../../support/ocsf/vendor-events.ts'

const DELIVERED_MS = 1_800_000_000_000

const map = (api: Api, event: VendorEvent) => toOcsfEvent(api, event, { deliveredMs: DELIVERED_MS })

const USER = { uuid: 'user-1', name: 'Ann Lee', email: 'ann@example.com' }
const OCSF_USER = {
  uid: 'user-1',
  name: 'ann@example.com',
  full_name: 'Ann Lee',
  email_addr: 'ann@example.com',
  type_id: 1,
  type: 'User',
}
const CLIENT = {
  app_name: '1Password for Mac',
  app_version: '81',
  os_name: 'MacOSX',
  os_version: '15.1',
  ip_address: '10.1.2.3',
}
const LOCATION = { country: 'CA', region: 'Ontario', city: 'Toronto', latitude: 43.64, longitude: -79.433 }
const OCSF_LOCATION = { country: 'CA', region: 'Ontario', city: 'Toronto', lat: 43.64, long: -79.433 }
const COMMON = {
  uuid: 'event-1',
  timestamp: '2026-03-01T12:00:00.123987+01:00',
  account_uuid: 'account-1',
  location: LOCATION,
}
const OCSF_METADATA = {
  version: '1.8.0',
  uid: 'event-1',
  tenant_uid: 'account-1',
  log_provider: '1Password Events API',
  logged_time: DELIVERED_MS,
  original_time: '2026-03-01T12:00:00.123987+01:00',
}
const product = (stream: string) => ({
  product: { name: '1Password', vendor_name: '1Password', feature: { name: stream } },
  log_name: stream,
})

const USER_UID = { name: 'user.uid', type_id: 31, type: 'User Object: uid' }
const ACTOR_UID = { ...USER_UID, name: 'actor.user.uid' }
const ACTOR_EMAIL = { name: 'actor.user.email_addr', type_id: 5, type: 'Email Address' }
const IP = { name: 'src_endpoint.ip', type_id: 2, type: 'IP Address' }

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

describe('an audit event', () => {
  const AUDIT = {
    ...COMMON,
    actor_uuid: 'user-1',
    actor_details: USER,
    object_uuid: 'object-1',
    session: {
      uuid: 'session-1',
      login_time: '2026-03-01T11:00:00.5Z',
      device_uuid: 'device-1',
      ip: '10.1.2.3',
    },
  }
  const OTHER = { uuid: 'user-2', name: 'Bo Ek', email: 'bo@example.com' }
  const OCSF_OTHER = {
    uid: 'user-2',
    name: 'bo@example.com',
    full_name: 'Bo Ek',
    email_addr: 'bo@example.com',
    type_id: 1,
    type: 'User',
  }
  const audit = (members: VendorEvent) => map('auditEvents', { ...AUDIT, ...members })

  it('has these attributes', () => {
    expect(audit({ action: 'delete', object_type: 'vault', aux_id: 7, actor_type: 'user' })).toEqual({
      activity_id: 4,
      activity_name: 'Delete',
      category_uid: 3,
      category_name: 'Identity & Access Management',
      class_uid: 3004,
      class_name: 'Entity Management',
      type_uid: 300_404,
      type_name: 'Entity Management: Delete',
      severity_id: 1,
      severity: 'Informational',
      status_id: 1,
      status: 'Success',
      time: Date.UTC(2026, 2, 1, 11, 0, 0, 123),
      metadata: { ...OCSF_METADATA, ...product('auditevents'), event_code: 'vault.delete' },
      actor: {
        user: OCSF_USER,
        session: { uid: 'session-1', created_time: Date.UTC(2026, 2, 1, 11, 0, 0, 500) },
      },
      entity: { uid: 'object-1', type_id: 99, type: 'Vault' },
      src_endpoint: { ip: '10.1.2.3', uid: 'device-1', location: OCSF_LOCATION },
      observables: [
        { ...ACTOR_UID, value: 'user-1' },
        { ...ACTOR_EMAIL, value: 'ann@example.com' },
        { ...IP, value: '10.1.2.3' },
      ],
      unmapped: {
        action: 'delete',
        object_type: 'vault',
        aux_id: 7,
        actor_type: 'user',
        actor_uuid: 'user-1',
        session: { login_time: '2026-03-01T11:00:00.5Z' },
      },
    })
  })

  it('about a user names it', () => {
    const members = { action: 'suspend', object_type: 'user', object_uuid: 'user-2' }
    expect(audit({ ...members, object_details: OTHER })['user']).toEqual(OCSF_OTHER)
    expect(audit(members)['user']).toEqual({ uid: 'user-2', type_id: 1, type: 'User' })
    expect(audit({ ...members, object_uuid: undefined })['user']).toMatchObject({ uid: 'unknown' })
  })

  it('about a membership names group and user', () => {
    const members = { action: 'join', object_type: 'gm', aux_info: 'A', aux_uuid: 'user-2' }
    expect(audit({ ...members, aux_details: OTHER })).toMatchObject({
      group: { uid: 'object-1' },
      user: OCSF_OTHER,
      unmapped: { aux_info: 'A' },
      observables: expect.arrayContaining([
        { ...USER_UID, value: 'user-2' },
        { name: 'group.uid', type_id: 33, type: 'Group Object: uid', value: 'object-1' },
      ]),
    })
    expect(audit(members)['user']).toEqual({ uid: 'user-2', type_id: 1, type: 'User' })
    expect(audit({ ...members, aux_uuid: undefined })).not.toHaveProperty('user')
  })

  it('about a group names it', () => {
    const mapped = audit({ action: 'create', object_type: 'group', aux_uuid: 'user-2', aux_info: '8' })
    expect(mapped['group']).toEqual({ uid: 'object-1' })
    expect(mapped).not.toHaveProperty('user')
    expect(mapped).not.toHaveProperty('privileges')
    expect(audit({ object_type: 'group', object_uuid: undefined })['group']).toEqual({ uid: 'unknown' })
  })

  it("about a group's access names group, vault and privileges", () => {
    const mapped = audit({ action: 'grant', object_type: 'gva', aux_uuid: 'group-1', aux_info: '8' })
    expect(mapped).toMatchObject({
      group: { uid: 'group-1' },
      resource: { uid: 'object-1', type: 'Vault' },
      privileges: ['8'],
      observables: expect.arrayContaining([
        { name: 'resource.uid', type_id: 10, type: 'Resource UID', value: 'object-1' },
      ]),
    })
    const bare = map('auditEvents', { object_type: 'gva' })
    expect(bare['group']).toEqual({ uid: 'unknown' })
    expect(bare).not.toHaveProperty('resource')
    expect(bare).not.toHaveProperty('privileges')
  })

  it("about a user's access names user, vault and privileges", () => {
    const mapped = audit({ action: 'grant', object_type: 'uva', aux_uuid: 'user-2', aux_info: '8' })
    expect(mapped).toMatchObject({
      user: { uid: 'user-2' },
      resources: [{ uid: 'object-1', type: 'Vault' }],
      privileges: ['8'],
    })
    const bare = map('auditEvents', { object_type: 'uva' })
    expect(bare).toMatchObject({ user: { uid: 'unknown' }, privileges: ['unknown'] })
    expect(bare).not.toHaveProperty('resources')
  })

  it('about another object names it', () => {
    const named = { action: 'create', object_type: 'sa', object_details: { name: 'CI' } }
    expect(audit(named)['entity']).toMatchObject({ uid: 'object-1', name: 'CI', type: 'Service account' })
    expect(map('auditEvents', {})['entity']).toEqual({ uid: 'unknown' })
  })

  it('has what OCSF demands even if it says nothing', () => {
    expect(map('auditEvents', {})).toMatchObject({
      actor: { app_name: '1Password' },
      src_endpoint: { name: 'unknown' },
    })
    expect(map('auditEvents', { actor_uuid: 'user-1' })['actor']).toEqual({
      user: { uid: 'user-1', type_id: 1, type: 'User' },
    })
    expect(map('auditEvents', { session: { uuid: 's' } })['actor']).toEqual({ session: { uid: 's' } })
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
