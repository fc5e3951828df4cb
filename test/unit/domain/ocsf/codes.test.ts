import { describe, expect, it } from 'vitest'
import type { Api } from '../../../../shared/contract/apis.ts'
import { toOcsfEvent } from '../../../../shared/domain/ocsf/ocsf-event.ts'
import { enumCaptions, resolveClasses } from '../../../support/ocsf/resolve-schema.ts'
import { OCSF_1_8 } from '../../../support/ocsf/validator.ts'
import { sampleWith, type VendorEvent } from '../../../support/ocsf/vendor-events.ts'
import {
  AUDIT_ACTIONS,
  CATEGORIES,
  ITEM_ACTIONS,
  OBJECT_TYPES,
  SIGN_IN_TYPES,
} from '../../../support/ocsf/vendor-words.ts'

/*
 * What each word of the vendor means is written down here by the captions of the schema. The numbers are the schema's
 * own, so no table of the product is compared with itself.
 */

const map = (api: Api, members: VendorEvent) => toOcsfEvent(api, sampleWith(api, members), { deliveredMs: 0 })

/** Returns the number that the schema gives to a caption. */
function numberOf(shape: string, attribute: string, caption: string): number {
  const found = Object.entries(enumCaptions(OCSF_1_8, shape, attribute)).find(([, each]) => each === caption)
  if (!found) throw new Error(`${shape}.${attribute} has no ${caption}`)
  return Number(found[0])
}

/** Turns `caption: words` into the caption of each word. */
const captions = (table: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(table).flatMap(([caption, words]) => words.split(' ').map(word => [word, caption])))

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

describe('the second factor of a sign-in attempt', () => {
  const factors = captions({
    OTP: 'totp_disabled totp_bad totp_timeout',
    U2F: 'u2f_disabled u2f_bad u2f_timeout u2f_timout',
    'Push Notification': 'duo_disabled duo_bad duo_timeout duo_native_bad',
    Email: 'code_disabled code_bad code_timeout',
  })

  it.each([...SIGN_IN_TYPES, 'u2f_timout', 'new'])('of the type %s', type => {
    const mapped = map('sign-in', { type })
    const caption = factors.get(type)
    const isMfa = caption !== undefined || type.startsWith('mfa_')
    expect(mapped['is_mfa']).toBe(isMfa ? true : undefined)
    expect(mapped['auth_factors']).toEqual(
      caption && [
        {
          factor_type_id: numberOf('auth_factor', 'factor_type_id', caption),
          factor_type: caption,
          ...(caption === 'OTP' && { is_totp: true }),
        },
      ],
    )
  })
})

describe('the type of an entity', () => {
  const numbered = captions({ Device: 'device', Organization: 'account mngdacc', Policy: 'sso' })
  const NAMES: Readonly<Record<string, string>> = {
    card: 'Payment card',
    cred: 'Passkey',
    dlgdsess: 'Delegated session',
    famchild: 'Linked family account',
    file: 'File',
    invite: 'Invitation',
    item: 'Item',
    itemhist: 'Item history',
    items: 'Items',
    pm: 'Payment method',
    report: 'Report',
    sa: 'Service account',
    satoken: 'Service account token',
    slackapp: 'Slack app',
    ssotkn: 'Single sign-on token',
    sub: 'Subscription',
    template: 'Template',
    vault: 'Vault',
    vaultkey: 'Vault key',
  }
  const elsewhere = ['user', 'ec', 'miguser', 'gm', 'group', 'gva', 'uva']

  it.each(OBJECT_TYPES.filter(type => !elsewhere.includes(type)))('%s', object_type => {
    const caption = numbered.get(object_type)
    expect(map('auditEvents', { object_type })['entity']).toMatchObject({
      type_id: numberOf('managed_entity', 'type_id', caption ?? 'Other'),
      type: caption ?? NAMES[object_type],
    })
  })

  it('is the own word of an unknown object', () => {
    expect(map('auditEvents', { object_type: 'new' })['entity']).toMatchObject({ type_id: 99, type: 'new' })
  })
})

describe('the type of a user', () => {
  const typed = (members: VendorEvent) => map('sign-in', { target_user: { uuid: 'a', ...members } })['user']

  it.each([
    [{}, 'User'],
    [{ user_type: 'user' }, 'User'],
    [{ type: 'user' }, 'User'],
    [{ email: 'b5x@1passwordserviceaccounts.com' }, 'Service'],
    [{ email: 'b5x@1passwordserviceaccounts.com', user_type: 'user' }, 'Service'],
    [{ email: 'b5x@1passwordserviceaccounts.com.example' }, 'User'],
  ])('%j is %s', (members, type) => {
    expect(typed(members)).toMatchObject({ type_id: numberOf('user', 'type_id', type), type })
  })

  it.each([
    [{ user_type: 'external_user' }, 'external_user'],
    [{ type: 'external_user' }, 'external_user'],
    [{ user_type: 'new' }, 'new'],
  ])('%j is Other', (members, type) => {
    expect(typed(members)).toMatchObject({ type_id: 99, type })
  })

  it('is the one of the actor in an audit event', () => {
    const mapped = map('auditEvents', { object_type: 'user', actor_type: 'external_user' })
    expect(mapped['actor']).toMatchObject({ user: { type_id: 99, type: 'external_user' } })
    expect(mapped['user']).toMatchObject({ type_id: 1, type: 'User' })
  })
})

describe('the operating system', () => {
  it.each([
    ['MacOSX', 'macOS'],
    ['macOS', 'macOS'],
    ['iOS', 'iOS'],
    ['Windows', 'Windows'],
    ['Linux', 'Linux'],
    ['Android', 'Android'],
  ])('%s is %s', (os_name, type) => {
    const expected = { name: os_name, type_id: numberOf('os', 'type_id', type), type }
    expect(map('sign-in', { client: { os_name } })).toMatchObject({ src_endpoint: { os: expected } })
  })

  it('is Other if it is another one, and left out without a name', () => {
    const other = { name: 'BeOS', type_id: 99, type: 'BeOS' }
    expect(map('sign-in', { client: { os_name: 'BeOS' } })).toMatchObject({ src_endpoint: { os: other } })
    expect(map('sign-in', { client: { os_version: '1' } })['src_endpoint']).not.toHaveProperty('os')
  })
})
