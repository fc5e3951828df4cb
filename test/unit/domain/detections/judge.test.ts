import { describe, expect, it } from 'vitest'
import { API_NAMES } from '../../../../shared/contract/apis.ts'
import { findLeftMemories, findRecallKeys, judgeEvent } from '../../../../shared/domain/detections/judge.ts'
import { createLists, DEFAULT_LISTS } from '../../../../shared/domain/detections/lists.ts'
import { ANN, eventWith, firedBy, GRANTED_MS, LISTS } from '../../../support/detections.ts'
import { sampleEvents, type VendorEvent } from '../../../support/ocsf/vendor-events.ts'
import { AUDIT_ACTIONS, ITEM_ACTIONS, OBJECT_TYPES } from '../../../support/ocsf/vendor-words.ts'

const HOUR_MS = 3_600_000

describe('access that was taken', () => {
  const reading = (atMs: number): VendorEvent =>
    eventWith('itemUsage', { action: 'reveal', vault_uuid: 'taken', timestamp: new Date(atMs).toISOString() })

  it.each([
    ['a millisecond before', GRANTED_MS - 1, []],
    ['at the same time', GRANTED_MS, ['access-taken-then-secrets-read']],
    ['an hour later', GRANTED_MS + HOUR_MS, ['access-taken-then-secrets-read']],
    ['a millisecond more than an hour later', GRANTED_MS + HOUR_MS + 1, []],
  ])('is remembered %s', (_, atMs, fired) => {
    expect(firedBy('itemUsage', reading(atMs))).toEqual(fired)
  })

  it('counts by the times of the events, not of their delivery', () => {
    const event = eventWith('itemUsage', { action: 'reveal', vault_uuid: 'taken', timestamp: undefined })
    expect(firedBy('itemUsage', event)).toEqual([])
  })

  it('is remembered from an event in which somebody gives access to themselves', () => {
    const event = eventWith('auditEvents', {
      object_type: 'uva',
      action: 'grant',
      object_uuid: 'taken',
      aux_uuid: ANN.uuid,
    })
    const rules = judgeEvent('auditEvents', event, { lists: createLists(), recall: () => undefined })
    expect(findLeftMemories(event, rules)).toEqual([
      { key: '["access-taken","ANN","taken"]', atMs: GRANTED_MS, withinMs: HOUR_MS },
    ])
    expect(firedBy('itemUsage', reading(GRANTED_MS))).toEqual(['access-taken-then-secrets-read'])
  })

  it('is not remembered without a time or a vault', () => {
    const members = { object_type: 'uva', action: 'grant', aux_uuid: ANN.uuid }
    for (const missing of ['timestamp', 'object_uuid']) {
      const event = eventWith('auditEvents', { ...members, [missing]: undefined })
      const rules = judgeEvent('auditEvents', event, { lists: createLists(), recall: () => undefined })
      expect(rules.map(({ id }) => id)).toEqual(['own-rights-raised-by-vault'])
      expect(findLeftMemories(event, rules)).toEqual([])
    }
  })

  it('is looked up for the reading of a secret alone', () => {
    const lists = createLists(LISTS)
    for (const action of [...ITEM_ACTIONS, '']) {
      const isReading = ['server-fetch', 'reveal', 'secure-copy'].includes(action)
      const keys = isReading ? ['["access-taken","ANN","team"]'] : []
      expect(findRecallKeys('itemUsage', eventWith('itemUsage', { action }), lists)).toEqual(keys)
    }
    expect(findRecallKeys('itemUsage', { action: 'reveal' }, lists)).toEqual([])
    for (const object_type of OBJECT_TYPES)
      expect(
        findRecallKeys('auditEvents', eventWith('auditEvents', { object_type, action: 'grant' }), lists),
      ).toEqual([])
    expect(findRecallKeys('sign-in', eventWith('sign-in', {}), lists)).toEqual([])
  })
})

describe('who did it to whom', () => {
  it.each([
    ['uuids', { actor_uuid: 'ANN', actor_details: undefined, aux_uuid: 'ANN', aux_details: undefined }],
    ['details', { actor_uuid: undefined, actor_details: ANN, aux_uuid: undefined, aux_details: ANN }],
    ['one of each', { actor_uuid: 'ANN', actor_details: undefined, aux_uuid: '', aux_details: ANN }],
  ])('is known by %s', (_, members) => {
    const event = eventWith('auditEvents', { object_type: 'gm', action: 'join', ...members })
    expect(firedBy('auditEvents', event)).toEqual(['own-rights-raised-by-group'])
  })

  it('is nobody twice if nobody is named', () => {
    const nobody = {
      actor_uuid: undefined,
      actor_details: undefined,
      aux_uuid: undefined,
      aux_details: undefined,
    }
    const event = eventWith('auditEvents', { object_type: 'uva', action: 'grant', ...nobody })
    expect(firedBy('auditEvents', event)).toEqual(['vault-access-granted'])
  })

  it('is by hand if the actor has no e-mail address', () => {
    const event = eventWith('auditEvents', {
      object_type: 'invite',
      action: 'create',
      actor_details: undefined,
    })
    expect(firedBy('auditEvents', event)).toEqual(['user-invited-by-hand'])
  })
})

describe('a list', () => {
  it.each(['KP', 'kp', 'North Korea', ' NORTH KOREA '])('has %s in any case', country => {
    const event = eventWith('auditEvents', { object_type: 'item', action: 'view', location: { country } })
    expect(firedBy('auditEvents', event)).toEqual(['event-from-blocked-country'])
  })

  it('takes the entries of a setting in any case', () => {
    const lists = createLists({ sensitiveItems: [' Root-Password '] })
    const event = eventWith('itemUsage', { item_uuid: 'root-password' })
    expect(judgeEvent('itemUsage', event, { lists, recall: () => undefined })).toHaveLength(1)
  })

  it('is empty by default, and its rule silent, apart from the known clients', () => {
    const { knownClients, ...others } = DEFAULT_LISTS
    expect(Object.values(others).flat()).toEqual([])
    expect(knownClients).toHaveLength(11)
  })

  // Panther's list, and what the vendor's sample has.
  it.each([
    '1Password Browser Extension',
    '1Password CLI',
    '1Password Extension',
    '1Password for Android',
    '1Password for Linux',
    '1Password for Mac',
    '1Password for Web',
    '1Password for Windows',
    '1Password for iOS',
    '1Password SCIM Bridge',
    '1Password SDK',
  ])('knows %s by default', app_name => {
    const event = eventWith('sign-in', { client: { app_name } })
    expect(judgeEvent('sign-in', event, { lists: createLists(), recall: () => undefined })).toEqual([])
  })

  it('replaces the default', () => {
    const lists = createLists({ knownClients: ['my-script'] })
    const judge = (app_name: string) =>
      judgeEvent('sign-in', eventWith('sign-in', { client: { app_name } }), {
        lists,
        recall: () => undefined,
      })
    expect(judge('my-script')).toEqual([])
    expect(judge('1Password for Mac')).toHaveLength(1)
  })
})

describe('an event that is nothing special', () => {
  it('fires nothing: the samples of the vendor', () => {
    for (const api of API_NAMES)
      for (const event of sampleEvents(api)) expect(firedBy(api, event)).toEqual([])
  })

  it('fires nothing: events without members, or with members of other types', () => {
    for (const api of API_NAMES) {
      expect(firedBy(api, {})).toEqual([])
      expect(
        firedBy(api, { action: 1, object_type: ['sso'], client: 'x', location: null, user: [] }),
      ).toEqual([])
    }
  })

  it('fires nothing in a stream that the rule is not about', () => {
    for (const action of AUDIT_ACTIONS)
      expect(firedBy('itemUsage', { object_type: 'sso', action })).toEqual([])
  })
})
