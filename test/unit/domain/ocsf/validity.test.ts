import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { API_NAMES, type Api } from '../../../../shared/contract/apis.ts'
import { toOcsfEvent } from '../../../../shared/domain/ocsf/ocsf-event.ts'
import { examples } from '../../../support/examples.ts'
import { anyEvent } from '../../../support/ocsf/any-event.ts'
import { compileValidator, OCSF_1_8 } from '../../../support/ocsf/validator.ts'
import {
  madeEvents,
  sampleEvents,
  sampleWith,
  type VendorEvent,
} from '../../../support/ocsf/vendor-events.ts'
import {
  AUDIT_ACTIONS,
  CATEGORIES,
  ITEM_ACTIONS,
  OBJECT_TYPES,
  SIGN_IN_TYPES,
} from '../../../support/ocsf/vendor-words.ts'
import { toVersion15 } from '../../../support/ocsf/version-1-5.ts'

const validate = compileValidator(OCSF_1_8)
const validateOlder = compileValidator(toVersion15(OCSF_1_8))

/** Maps an event with its raw data. Returns the violations of 1.8.0, and those of 1.5.0. */
function violations(api: Api, event: VendorEvent): string[] {
  const rawData = JSON.stringify(event)
  const mapped = toOcsfEvent(api, event, { deliveredMs: 1_800_000_000_000, rawData })
  return [...validate(mapped), ...validateOlder(mapped).map(each => `1.5.0: ${each}`)]
}

/** Returns the violations of all events, each once. */
const allViolations = (api: Api, events: Iterable<VendorEvent>): string[] => [
  ...new Set(Iterator.from(events).flatMap(event => violations(api, event))),
]

const pairs = (left: readonly string[], right: readonly string[]): [string, string][] =>
  left.flatMap(one => right.map((other): [string, string] => [one, other]))

const UNKNOWN_WORD = 'new-in-2030'

describe('an OCSF event is valid, in 1.8.0 and in 1.5.0', () => {
  it('of every sample of the vendor', () => {
    for (const api of API_NAMES) {
      expect(sampleEvents(api).length).toBeGreaterThan(0)
      expect(allViolations(api, sampleEvents(api))).toEqual([])
    }
  })

  it('of every category and type of a sign-in attempt', () => {
    const all = pairs(CATEGORIES, SIGN_IN_TYPES)
    expect(all).toHaveLength(7 * 31)
    const more = pairs([...CATEGORIES, UNKNOWN_WORD, ''], [UNKNOWN_WORD, 'u2f_timout', ''])
    const known = [...all, ...more].map(([category, type]) => ({ category, type }))
    expect(
      allViolations(
        'sign-in',
        known.map(members => sampleWith('sign-in', members)),
      ),
    ).toEqual([])
    expect(allViolations('sign-in', known)).toEqual([])
  })

  it('of every action of an item usage, of none and of an unknown one', () => {
    expect(ITEM_ACTIONS).toHaveLength(11)
    const actions = [...ITEM_ACTIONS, undefined, '', UNKNOWN_WORD]
    expect(
      allViolations(
        'itemUsage',
        actions.map(action => sampleWith('itemUsage', { action })),
      ),
    ).toEqual([])
    expect(
      allViolations(
        'itemUsage',
        actions.map(action => ({ action })),
      ),
    ).toEqual([])
  })

  it('of every pair of action and object in the audit log, full and bare', () => {
    const all = pairs(AUDIT_ACTIONS, OBJECT_TYPES)
    expect(all).toHaveLength(79 * 30)
    const more = [...pairs([UNKNOWN_WORD, ''], OBJECT_TYPES), ...pairs(AUDIT_ACTIONS, [UNKNOWN_WORD, ''])]
    const known = [...all, ...more].map(([action, object_type]) => ({ action, object_type }))
    expect(
      allViolations(
        'auditEvents',
        known.map(members => sampleWith('auditEvents', members)),
      ),
    ).toEqual([])
    expect(allViolations('auditEvents', known)).toEqual([])
  })

  it('of every event that lacks a member', () => {
    for (const api of API_NAMES) {
      const names = Object.keys(sampleWith(api, {}))
      const types = api === 'auditEvents' ? OBJECT_TYPES : ['']
      const lacking = pairs(names, types).map(([name, object_type]) =>
        sampleWith(api, { ...(object_type && { object_type }), [name]: undefined }),
      )
      expect(allViolations(api, lacking)).toEqual([])
    }
  })

  it.each(API_NAMES)('of 10,000 made events, a third of each stream: %s', api => {
    const events = [...madeEvents(api, 1_700), ...madeEvents(api, 1_700, 1)]
    expect(events).toHaveLength(3_400)
    expect(
      allViolations(
        api,
        Iterator.from(events).map(text => JSON.parse(text)),
      ),
    ).toEqual([])
  })

  it.each(API_NAMES)('of an event whose members are anything: %s', api => {
    fc.assert(
      fc.property(anyEvent(api), event => {
        expect(violations(api, event)).toEqual([])
      }),
      { numRuns: examples(500) },
    )
  })
})

describe('a service account', () => {
  it('has a type that 1.5.0 does not know, and nothing else that is new', () => {
    const user = { uuid: 'a', email: 'b5x@1passwordserviceaccounts.com' }
    const mapped = toOcsfEvent('itemUsage', sampleWith('itemUsage', { user }), { deliveredMs: 0 })
    expect(validate(mapped)).toEqual([])
    expect(validateOlder(mapped)).toEqual([
      'actor.user has a wrong text beside type_id',
      'actor.user.type_id is not in the enum',
    ])
  })
})
