import { describe, expect, it } from 'vitest'
import type { Api } from '../../../../shared/contract/apis.ts'
import { toOcsfEvent } from '../../../../shared/domain/ocsf/ocsf-event.ts'
import { captions, numberOf } from '../../../support/ocsf/captions.ts'
import { resolveClasses } from '../../../support/ocsf/resolve-schema.ts'
import { OCSF_1_8 } from '../../../support/ocsf/validator.ts'
import { sampleWith, type VendorEvent } from '../../../support/ocsf/vendor-events.ts'
import { AUDIT_ACTIONS, CATEGORIES, ITEM_ACTIONS, OBJECT_TYPES } from '../../../support/ocsf/vendor-words.ts'

/*
 * What each word of the vendor means is written down here by the captions of the schema. The numbers are the schema's
 * own, so no table of the product is compared with itself.
 */

const map = (api: Api, members: VendorEvent) => toOcsfEvent(api, sampleWith(api, members), { deliveredMs: 0 })

const CLASSES = resolveClasses(OCSF_1_8)

const classUid = (name: string): number | undefined =>
  [...CLASSES].find(([, { caption }]) => caption === name)?.[0]

describe('the class', () => {
  const BY_OBJECT = captions({
    'Account Change': 'user ec miguser',
    'Group Management': 'gm group gva',
    'User Access Management': 'uva',
  })

  it.each([...OBJECT_TYPES, 'new-in-2030'])('of an audit event with the object %s', object_type => {
    const name = BY_OBJECT.get(object_type) ?? 'Entity Management'
    expect(map('auditEvents', { object_type })).toMatchObject({
      class_uid: classUid(name),
      class_name: name,
      category_uid: 3,
      category_name: 'Identity & Access Management',
    })
  })

  it('of an audit event without an object', () => {
    expect(map('auditEvents', {})).toMatchObject({ class_uid: 3004 })
  })

  it.each([
    ['sign-in', 'Authentication', 3],
    ['itemUsage', 'API Activity', 6],
  ] as const)('of %s', (api, name, category) => {
    expect(map(api, {})).toMatchObject({
      class_uid: classUid(name),
      class_name: name,
      category_uid: category,
    })
  })
})

describe('the activity', () => {
  const ENTITY = captions({
    Create: 'create',
    Read: 'view export verify',
    Update: 'update updatea updatduo updatfw updatmfa patch replace convert',
    Delete: 'delete purge',
    Enable: 'enblduo enblmfa enblsso',
    Disable: 'disblduo disblmfa disblsso',
    Activate: 'activate',
    Deactivate: 'dealldev deolddev',
    Suspend: 'suspend',
    Resume: 'reactive reauth',
  })
  const ACCOUNT = captions({
    Create: 'create',
    Enable: 'activate reactive',
    'Password Change': 'changemp',
    Disable: 'suspend',
    Delete: 'delete purge',
    'MFA Factor Enable': 'enblmfa enblduo',
    'MFA Factor Disable': 'disblmfa disblduo',
  })
  const GROUP = captions({ Create: 'create', Delete: 'delete' })
  const MEMBERSHIP = captions({ 'Add User': 'join', 'Remove User': 'leave' })
  const ACCESS = captions({ 'Assign Privileges': 'grant', 'Revoke Privileges': 'revoke' })

  it.each([
    ['vault', 'entity_management', ENTITY],
    ['sso', 'entity_management', ENTITY],
    ['new-in-2030', 'entity_management', ENTITY],
    ['user', 'account_change', ACCOUNT],
    ['ec', 'account_change', ACCOUNT],
    ['miguser', 'account_change', ACCOUNT],
    ['group', 'group_management', GROUP],
    ['gm', 'group_management', MEMBERSHIP],
    ['gva', 'group_management', ACCESS],
    ['uva', 'user_access', ACCESS],
  ] as const)('of every action with the object %s', (object_type, shape, known) => {
    for (const action of [...AUDIT_ACTIONS, 'new-in-2030']) {
      const caption = known.get(action)
      const activity_id = numberOf(shape, 'activity_id', caption ?? 'Other')
      const mapped = map('auditEvents', { object_type, action })
      expect(mapped).toMatchObject({ activity_id, activity_name: caption ?? action })
      expect(mapped.type_uid).toBe(mapped.class_uid * 100 + activity_id)
      expect(mapped.type_name).toBe(`${mapped.class_name}: ${caption ?? 'Other'}`)
      expect(mapped['metadata']).toHaveProperty('event_code', `${object_type}.${action}`)
    }
  })

  it('of every action of an item usage', () => {
    const known = captions({
      Create: 'server-create',
      Read: 'fill reveal secure-copy server-fetch export select-sso-provider',
      Update: 'server-update enter-item-edit-mode',
    })
    for (const action of [...ITEM_ACTIONS, 'new']) {
      const caption = known.get(action)
      expect(map('itemUsage', { action })).toMatchObject({
        activity_id: numberOf('api_activity', 'activity_id', caption ?? 'Other'),
        activity_name: caption ?? action,
        api: { operation: action },
        metadata: { event_code: action },
      })
    }
  })

  it('is unknown without an action', () => {
    const unknown = { activity_id: 0, activity_name: 'Unknown' }
    expect(map('itemUsage', { action: undefined })).toMatchObject({
      ...unknown,
      api: { operation: 'unknown' },
    })
    expect(map('auditEvents', { object_type: 'gm', action: '' })).toMatchObject({
      ...unknown,
      type_uid: 300_600,
    })
  })

  it('of a sign-in attempt is a logon', () => {
    expect(map('sign-in', {})).toMatchObject({
      activity_id: numberOf('authentication', 'activity_id', 'Logon'),
      activity_name: 'Logon',
      type_uid: 300_201,
    })
  })
})

const STATUSES = captions({
  Success: 'success firewall_reported_success',
  Failure: 'credentials_failed mfa_failed sso_failed modern_version_failed firewall_failed',
})
const SEVERITIES = captions({
  Informational: 'success',
  Low: 'firewall_reported_success credentials_failed mfa_failed sso_failed modern_version_failed',
  Medium: 'firewall_failed',
})

describe('status and severity', () => {
  it.each(CATEGORIES)('of a sign-in attempt of the category %s', category => {
    const [status = '', severity = ''] = [STATUSES.get(category), SEVERITIES.get(category)]
    expect(map('sign-in', { category })).toMatchObject({
      status_id: numberOf('base_event', 'status_id', status),
      status,
      severity_id: numberOf('base_event', 'severity_id', severity),
      severity,
    })
  })

  it('of a sign-in attempt of an unknown category are Other, and of none Unknown', () => {
    expect(map('sign-in', { category: 'new' })).toMatchObject({
      status_id: 99,
      status: 'new',
      severity_id: 99,
      severity: 'new',
    })
    const without = { status_id: 0, status: 'Unknown', severity_id: 0, severity: 'Unknown' }
    expect(map('sign-in', { category: undefined })).toMatchObject(without)
  })

  it('of an item usage', () => {
    const severities = captions({ Medium: 'export', Low: 'share' })
    for (const action of [...ITEM_ACTIONS, 'new', undefined]) {
      const severity = severities.get(action ?? '') ?? 'Informational'
      expect(map('itemUsage', { action })).toMatchObject({
        status_id: 1,
        status: 'Success',
        severity_id: numberOf('base_event', 'severity_id', severity),
        severity,
      })
    }
  })

  it('of an audit event are Success and Informational', () => {
    for (const object_type of OBJECT_TYPES)
      expect(map('auditEvents', { object_type, action: 'delete' })).toMatchObject({
        status_id: numberOf('base_event', 'status_id', 'Success'),
        status: 'Success',
        severity_id: numberOf('base_event', 'severity_id', 'Informational'),
        severity: 'Informational',
      })
  })
})
