import { describe, expect, it } from 'vitest'
import type { Api } from '../../../../shared/contract/apis.ts'
import { RULES } from '../../../../shared/domain/detections/rules.ts'
import { ANN, eventWith, firedBy } from '../../../support/detections.ts'
import type { VendorEvent } from '../../../support/ocsf/vendor-events.ts'
import {
  AUDIT_ACTIONS,
  CATEGORIES,
  ITEM_ACTIONS,
  OBJECT_TYPES,
  SIGN_IN_TYPES,
} from '../../../support/ocsf/vendor-words.ts'

interface Case {
  readonly api: Api
  readonly severity: string
  readonly technique: string
  /** Members of an event that the rule holds for. */
  readonly fires: VendorEvent
  /** The same event with these members is quiet. */
  readonly quiet: readonly VendorEvent[]
}

const audit = (
  severity: string,
  technique: string,
  fires: VendorEvent,
  ...quiet: readonly VendorEvent[]
): Case => ({ api: 'auditEvents', severity, technique, fires, quiet })

const usage = (
  severity: string,
  technique: string,
  fires: VendorEvent,
  ...quiet: readonly VendorEvent[]
): Case => ({ api: 'itemUsage', severity, technique, fires, quiet })

const BY_ANN_FOR_ANN = { aux_uuid: ANN.uuid, aux_details: ANN }

const CASES: Readonly<Record<string, Case>> = {
  'sso-configuration-changed': audit(
    'High',
    'T1484.002',
    { object_type: 'sso', action: 'disblsso' },
    { action: 'sdvcsso' },
    { object_type: 'device' },
  ),
  'firewall-rules-changed': audit(
    'Medium',
    'T1562.007',
    { object_type: 'account', action: 'updatfw' },
    { action: 'updatmfa' },
    { object_type: 'user' },
  ),
  'mfa-disabled-for-all': audit(
    'High',
    'T1556.006',
    { object_type: 'account', action: 'disblmfa' },
    { action: 'enblmfa' },
    { object_type: 'mngdacc' },
  ),
  'user-mfa-changed': audit(
    'Low',
    'T1556.006',
    { object_type: 'user', action: 'disblmfa' },
    { action: 'disblduo' },
    { object_type: 'miguser' },
  ),
  'service-account-token-changed': audit(
    'Low',
    'T1098.001',
    { object_type: 'satoken', action: 'create' },
    { action: 'expire' },
    { object_type: 'ssotkn' },
  ),
  'service-account-created': audit(
    'Medium',
    'T1136.003',
    { object_type: 'sa', action: 'create' },
    { action: 'update' },
    { object_type: 'slackapp' },
  ),
  'user-invited-by-hand': audit(
    'Medium',
    'T1136.003',
    { object_type: 'invite', action: 'create' },
    { action: 'resendts' },
    { object_type: 'user' },
    { actor_details: { ...ANN, email: 'scim@1passwordserviceaccounts.com' } },
  ),
  'privileged-vault-rights-changed': audit(
    'High',
    'T1098.003',
    { object_type: 'gva', action: 'grant', object_uuid: 'finance' },
    { action: 'hide' },
    { object_type: 'vault' },
    { object_uuid: 'team' },
  ),
  'vault-access-granted': audit(
    'Low',
    'T1098.003',
    { object_type: 'uva', action: 'grant' },
    { action: 'revoke' },
    { object_type: 'gva' },
    { object_uuid: 'finance' },
    BY_ANN_FOR_ANN,
  ),
  'added-to-privileged-group': audit(
    'High',
    'T1098.007',
    { object_type: 'gm', action: 'join', object_uuid: 'owners' },
    { action: 'leave' },
    { object_type: 'group' },
    { object_uuid: 'team' },
    BY_ANN_FOR_ANN,
  ),
  'own-rights-raised-by-group': audit(
    'High',
    'T1098.007',
    { object_type: 'gm', action: 'role', ...BY_ANN_FOR_ANN },
    { action: 'leave' },
    { object_type: 'group' },
    { aux_uuid: 'BO' },
  ),
  'own-rights-raised-by-vault': audit(
    'High',
    'T1098.003',
    { object_type: 'uva', action: 'update', ...BY_ANN_FOR_ANN },
    { action: 'revoke' },
    { object_type: 'gva' },
    { aux_uuid: 'BO' },
  ),
  'access-taken-then-secrets-read': usage(
    'High',
    'T1555.005',
    { action: 'reveal', vault_uuid: 'taken' },
    { action: 'fill' },
    { vault_uuid: 'team' },
    { user: { uuid: 'BO' } },
    { timestamp: '2026-03-01T13:00:01Z' },
  ),
  'vault-exported': audit(
    'Medium',
    'T1555.005',
    { object_type: 'vault', action: 'export' },
    { action: 'view' },
    { object_type: 'report' },
  ),
  'unusual-client': {
    api: 'sign-in',
    severity: 'Medium',
    technique: 'T1078.004',
    fires: { client: { app_name: 'my-script' } },
    quiet: [{ client: { app_name: '1Password for Mac' } }, { client: {} }],
  },
  'sensitive-item-used': usage(
    'Medium',
    'T1555.005',
    { item_uuid: 'root-password' },
    { item_uuid: 'wifi-password' },
    { item_uuid: undefined },
  ),
  'event-from-blocked-country': audit(
    'High',
    'T1078.004',
    { object_type: 'user', action: 'update', location: { country: 'North Korea' } },
    { location: { country: 'South Korea' } },
    { location: undefined },
  ),
}

describe('the rules', () => {
  it('are these', () => {
    expect(RULES.map(({ id }) => id).toSorted()).toEqual(Object.keys(CASES).toSorted())
  })

  it.each(Object.entries(CASES))(
    '%s is satisfiable, and has quiet neighbours',
    (id, { api, fires, quiet }) => {
      const event = eventWith(api, fires)
      expect(firedBy(api, event)).toContain(id)
      for (const members of quiet)
        expect(firedBy(api, eventWith(api, { ...fires, ...members }))).not.toContain(id)
    },
  )

  it.each(Object.entries(CASES))('%s fires on words of the vendor only', (_, { api, fires }) => {
    const event = eventWith(api, fires)
    if (api === 'auditEvents') {
      expect(AUDIT_ACTIONS).toContain(event['action'])
      expect(OBJECT_TYPES).toContain(event['object_type'])
    } else if (api === 'itemUsage') expect(ITEM_ACTIONS).toContain(event['action'])
    else {
      expect(CATEGORIES).toContain(event['category'])
      expect(SIGN_IN_TYPES).toContain(event['type'])
    }
  })

  it.each(Object.entries(CASES))('%s has severity and technique', (id, { severity, technique }) => {
    const rule = RULES.find(each => each.id === id)
    expect(rule).toMatchObject({ severity, technique: { subTechnique: { uid: technique } } })
    expect(technique.startsWith(`${rule?.technique.technique.uid}.`)).toBe(true)
  })
})

/** Writes `object: actions` as pairs. */
const pairs = (table: Readonly<Record<string, string>>): string[] =>
  Object.entries(table).flatMap(([object, actions]) =>
    actions.split(' ').map(action => `${object}.${action}`),
  )

/** Returns which pairs of the vendor's objects and actions fire a rule. */
function firingPairs(id: string, members: VendorEvent): string[] {
  const found: string[] = []
  for (const object_type of OBJECT_TYPES)
    for (const action of AUDIT_ACTIONS)
      if (firedBy('auditEvents', eventWith('auditEvents', { ...members, object_type, action })).includes(id))
        found.push(`${object_type}.${action}`)
  return found.toSorted()
}

/** By the public rules that they cover, and by the vendor's words. */
const PAIRS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'sso-configuration-changed': { sso: 'enblsso disblsso chngpsso chngasso chngdsso addgsso delgsso' },
  'firewall-rules-changed': { account: 'updatfw' },
  'mfa-disabled-for-all': { account: 'disblmfa' },
  'user-mfa-changed': { user: 'enblmfa updatmfa disblmfa' },
  'service-account-token-changed': { satoken: 'create trename tverify trevoke' },
  'service-account-created': { sa: 'create' },
  'user-invited-by-hand': { invite: 'create' },
  'privileged-vault-rights-changed': { uva: 'grant revoke update', gva: 'grant revoke update' },
  'vault-access-granted': { uva: 'grant' },
  'added-to-privileged-group': { gm: 'join' },
  'own-rights-raised-by-group': { gm: 'join role' },
  'own-rights-raised-by-vault': { uva: 'grant update' },
  'vault-exported': { vault: 'export' },
}

describe('of all pairs of object and action', () => {
  it.each(Object.entries(PAIRS))('%s fires on these alone', (id, expected) => {
    expect(firingPairs(id, CASES[id]?.fires ?? {})).toEqual(pairs(expected).toSorted())
  })

  it('all can come from a blocked country', () => {
    const { fires } = CASES['event-from-blocked-country'] as Case
    expect(firingPairs('event-from-blocked-country', fires)).toHaveLength(79 * 30)
  })
})

describe('of all actions of item usages', () => {
  const firing = (id: string): string[] =>
    [...ITEM_ACTIONS, ''].filter(action =>
      firedBy('itemUsage', eventWith('itemUsage', { ...CASES[id]?.fires, action })).includes(id),
    )

  it('these read a secret', () => {
    expect(firing('access-taken-then-secrets-read').toSorted()).toEqual([
      'reveal',
      'secure-copy',
      'server-fetch',
    ])
  })

  it('all use a sensitive item', () => {
    expect(firing('sensitive-item-used')).toEqual([...ITEM_ACTIONS, ''])
  })
})

describe('of all sign-in attempts', () => {
  it('every outcome with an unusual client counts', () => {
    for (const category of CATEGORIES)
      for (const type of SIGN_IN_TYPES)
        expect(
          firedBy('sign-in', eventWith('sign-in', { category, type, client: { app_name: 'x' } })),
        ).toEqual(['unusual-client'])
  })
})
