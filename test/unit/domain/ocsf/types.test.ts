import { describe, expect, it } from 'vitest'
import type { Api } from '../../../../shared/contract/apis.ts'
import { toOcsfEvent } from '../../../../shared/domain/ocsf/ocsf-event.ts'
import { captions, numberOf } from '../../../support/ocsf/captions.ts'
import { sampleWith, type VendorEvent } from '../../../support/ocsf/vendor-events.ts'
import { OBJECT_TYPES, SIGN_IN_TYPES } from '../../../support/ocsf/vendor-words.ts'

// The numbers are the schema's, by the captions that are written down here.

const map = (api: Api, members: VendorEvent) => toOcsfEvent(api, sampleWith(api, members), { deliveredMs: 0 })

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

  it.each([{ user_type: 'external_user' }, { type: 'external_user' }])(
    'is the one of the user of an item: %j',
    type => {
      expect(map('itemUsage', { user: { uuid: 'a', ...type } })['actor']).toMatchObject({
        user: { type_id: 99, type: 'external_user' },
      })
    },
  )

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
