import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { API_NAMES, type Api } from '../../../../shared/contract/apis.ts'
import { toFinding } from '../../../../shared/domain/detections/finding.ts'
import { judgeEvent } from '../../../../shared/domain/detections/judge.ts'
import { createLists } from '../../../../shared/domain/detections/lists.ts'
import type { Rule } from '../../../../shared/domain/detections/rule.ts'
import { RULES } from '../../../../shared/domain/detections/rules.ts'
import { fillSentence, PHRASES } from '../../../../shared/domain/detections/sentence.ts'
import { ANN, eventWith, LISTS } from '../../../support/detections.ts'
import { anyEvent } from '../../../support/ocsf/any-event.ts'
import { numberOf } from '../../../support/ocsf/captions.ts'
import { compileValidator, OCSF_1_8 } from '../../../support/ocsf/validator.ts'
import { madeEvents, type VendorEvent } from '../../../support/ocsf/vendor-events.ts'
import { toVersion15 } from '../../../support/ocsf/version-1-5.ts'

const DELIVERED_MS = 1_800_000_000_000

const validate = compileValidator(OCSF_1_8)
const validateOlder = compileValidator(toVersion15(OCSF_1_8))

function findRule(id: string): Rule {
  const rule = RULES.find(each => each.id === id)
  if (!rule) throw new Error(`no rule ${id}`)
  return rule
}

const findingOf = (rule: Rule, api: Api, event: VendorEvent) => toFinding(rule, api, event, DELIVERED_MS)

const violations = (rule: Rule, api: Api, event: VendorEvent): string[] => {
  const finding = findingOf(rule, api, event)
  return [...validate(finding), ...validateOlder(finding).map(each => `1.5.0: ${each}`)]
}

const GRANT = eventWith('auditEvents', {
  uuid: 'EVENT1',
  account_uuid: 'ACCOUNT1',
  object_type: 'uva',
  action: 'grant',
  object_uuid: 'finance',
  aux_uuid: ANN.uuid,
  aux_details: ANN,
  session: { uuid: 'S', ip: '10.1.2.3' },
  location: undefined,
})

describe('a finding', () => {
  it('has these attributes', () => {
    const user = {
      uid: 'ANN',
      name: 'ann@example.com',
      full_name: 'Ann Lee',
      email_addr: 'ann@example.com',
      type_id: 1,
      type: 'User',
    }
    const desc = 'ann@example.com gave themselves more rights on the vault finance (grant) from 10.1.2.3.'
    const happenedMs = Date.UTC(2026, 2, 1, 12)
    const userUid = { type_id: 31, type: 'User Object: uid', value: 'ANN' }
    const userEmail = { type_id: 5, type: 'Email Address', value: 'ann@example.com' }
    expect(findingOf(findRule('own-rights-raised-by-vault'), 'auditEvents', GRANT)).toEqual({
      activity_id: 1,
      activity_name: 'Create',
      category_uid: 2,
      category_name: 'Findings',
      class_uid: 2004,
      class_name: 'Detection Finding',
      type_uid: 200_401,
      type_name: 'Detection Finding: Create',
      severity_id: 4,
      severity: 'High',
      status_id: 1,
      status: 'New',
      time: DELIVERED_MS,
      message: desc,
      is_alert: true,
      metadata: {
        version: '1.8.0',
        product: { name: 'onepassword-source', vendor_name: 'onepassword-source' },
        uid: expect.stringMatching(/^[0-9a-f]{32}$/),
        tenant_uid: 'ACCOUNT1',
        logged_time: DELIVERED_MS,
      },
      finding_info: {
        uid: expect.stringMatching(/^[0-9a-f]{32}$/),
        title: 'User raised their own rights on a vault',
        desc,
        analytic: {
          uid: 'own-rights-raised-by-vault',
          name: 'User raised their own rights on a vault',
          type_id: 1,
          type: 'Rule',
        },
        attacks: [
          {
            tactic: { uid: 'TA0004', name: 'Privilege Escalation' },
            technique: { uid: 'T1098', name: 'Account Manipulation' },
            sub_technique: { uid: 'T1098.003', name: 'Additional Cloud Roles' },
            version: '17.1',
          },
        ],
        created_time: DELIVERED_MS,
        first_seen_time: happenedMs,
        last_seen_time: happenedMs,
        related_events: [
          { uid: 'EVENT1', type_uid: 300_501, type_name: 'User Access Management: Assign Privileges' },
        ],
      },
      evidences: [
        {
          actor: { user, session: { uid: 'S' } },
          src_endpoint: { ip: '10.1.2.3' },
          user,
        },
      ],
      remediation: {
        desc: 'Ask another administrator whether this was agreed. Look at what ann@example.com used in the vault since then.',
      },
      resources: [{ type: 'Vault', uid: 'finance' }],
      observables: [
        { name: 'evidences[].user.uid', ...userUid },
        { name: 'evidences[].user.email_addr', ...userEmail },
        { name: 'evidences[].actor.user.uid', ...userUid },
        { name: 'evidences[].actor.user.email_addr', ...userEmail },
        { name: 'evidences[].src_endpoint.ip', type_id: 2, type: 'IP Address', value: '10.1.2.3' },
      ],
    })
  })

  it.each(RULES)('of $id has the number of its severity, and is valid', rule => {
    const finding = findingOf(rule, rule.api, eventWith(rule.api, {}))
    expect(finding.severity_id).toBe(numberOf('base_event', 'severity_id', rule.severity))
    expect(violations(rule, rule.api, eventWith(rule.api, {}))).toEqual([])
    expect(violations(rule, rule.api, {})).toEqual([])
  })

  it('has the vault to which a group got access', () => {
    const event = { ...GRANT, object_type: 'gva' }
    const finding = findingOf(findRule('privileged-vault-rights-changed'), 'auditEvents', event)
    expect(finding['resources']).toEqual([{ type: 'Vault', uid: 'finance' }])
  })

  it.each(API_NAMES)('is valid of every made event that fires a rule: %s', api => {
    const texts = madeEvents(api, 1_000)
    const events = texts.map((text): VendorEvent => JSON.parse(text))
    const vaults = [...new Set(events.map(({ object_uuid }) => String(object_uuid)))]
    const lists = createLists({
      ...LISTS,
      privilegedVaults: vaults.slice(0, 50),
      privilegedGroups: vaults,
      sensitiveItems: events.map(({ item_uuid }) => String(item_uuid)),
      blockedCountries: ['CA', 'Canada'],
      knownClients: [],
    })
    const fired = events.flatMap(event =>
      judgeEvent(api, event, { lists, recall: () => undefined }).map(rule => ({ rule, event })),
    )
    expect(fired.length).toBeGreaterThan(100)
    expect(fired.flatMap(({ rule, event }) => violations(rule, api, event))).toEqual([])
  })

  it('is valid of an event whose members are anything', () => {
    for (const rule of RULES)
      fc.assert(
        fc.property(anyEvent(rule.api), event => {
          expect(violations(rule, rule.api, event)).toEqual([])
        }),
        { numRuns: 50 },
      )
  })
})

describe('the id of a finding', () => {
  const uidOf = (id: string, event: VendorEvent, deliveredMs = DELIVERED_MS) =>
    toFinding(findRule(id), 'auditEvents', event, deliveredMs)['finding_info'] as { uid: string }

  it('is the same for the same rule and event, whenever it is delivered', () => {
    const [one, other] = [uidOf('vault-exported', GRANT), uidOf('vault-exported', GRANT, 0)]
    expect(one.uid).toBe(other.uid)
  })

  it('never changes with a new version of the product', () => {
    expect(uidOf('vault-exported', GRANT).uid).toBe('17912107df32df08e7e6515a9b920a1b')
  })

  it('is another one for another rule, and for another event', () => {
    const events = [GRANT, { ...GRANT, uuid: 'EVENT2' }, { action: 'export' }, { action: 'view' }]
    const uids = ['vault-exported', 'vault-access-granted'].flatMap(id =>
      events.map(each => uidOf(id, each).uid),
    )
    expect(new Set(uids).size).toBe(8)
  })
})

describe('the sentences of a rule', () => {
  const placeholders = ({ says, lookAt }: Rule): string[] =>
    Array.from(`${says} ${lookAt}`.matchAll(/\{([^}]*)\}/g), ([, name = '']) => name)

  it.each(RULES)('$id: are sentences that name who did it', rule => {
    for (const text of [rule.says, rule.lookAt, rule.differs]) expect(text).toMatch(/^[{A-Z].*[.)]$/)
    expect(rule.says).toMatch(/\{(?:actor|user)\}/)
    expect(placeholders(rule).filter(name => !Object.hasOwn(PHRASES, name))).toEqual([])
    expect(rule.covers.length).toBeGreaterThan(0)
  })

  it.each(RULES)('$id: have a value of the vendor in every place', rule => {
    const event = {
      ...GRANT,
      ...eventWith(rule.api, {}),
      object_type: 'user',
      action: 'view',
      location: { country: 'CA' },
    }
    const others = Object.values(PHRASES).map(({ otherwise }) => otherwise)
    for (const name of placeholders(rule)) expect(others).not.toContain(fillSentence(`{${name}}`, event))
  })

  it.each(RULES)('$id: can be read without any value', rule => {
    const text = fillSentence(rule.says, {})
    expect(text).not.toMatch(/[{}]|undefined/)
  })

  it('leave unknown braces as they are', () => {
    expect(fillSentence('{nobody} and {actor}', {})).toBe('{nobody} and somebody')
  })

  it.each([
    [{ actor_details: ANN, actor_uuid: 'X' }, 'ann@example.com'],
    [{ actor_details: { name: 'Ann Lee' }, actor_uuid: 'X' }, 'Ann Lee'],
    [{ actor_uuid: 'X' }, 'X'],
  ])('name a person as well as they can: %j', (event, text) => {
    expect(fillSentence('{actor}', event)).toBe(text)
  })
})
