import { describe, expect, it } from 'vitest'
import {
  ACTOR_EMAIL,
  ACTOR_UID,
  COMMON,
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
    expect(map('auditEvents', { object_details: { name: 'CI' } })['entity']).toEqual({ name: 'CI' })
  })

  it('comes from an address, or from a device', () => {
    expect(map('auditEvents', { session: { ip: '10.1.2.3' } })['src_endpoint']).toEqual({ ip: '10.1.2.3' })
    expect(map('auditEvents', { session: { device_uuid: 'd' } })['src_endpoint']).toEqual({ uid: 'd' })
  })

  it('has a session that says only when it began', () => {
    const session = { login_time: '2026-03-01T11:00:00Z' }
    expect(map('auditEvents', { session })['actor']).toEqual({
      session: { created_time: Date.UTC(2026, 2, 1, 11) },
    })
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
