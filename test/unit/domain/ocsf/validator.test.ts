import { describe, expect, it } from 'vitest'
import { compileValidator, OCSF_1_8 } from '../../../support/ocsf/validator.ts'
import { toVersion15 } from '../../../support/ocsf/version-1-5.ts'

type Json = Record<string, unknown>

const validate = compileValidator(OCSF_1_8)

const METADATA = { version: '1.8.0', product: { name: 'A product' } }

/** Written by hand from the schema's pages, not made by the mapping. */
const AUTHENTICATION: Json = {
  activity_id: 1,
  activity_name: 'Logon',
  category_uid: 3,
  category_name: 'Identity & Access Management',
  class_uid: 3002,
  class_name: 'Authentication',
  type_uid: 300201,
  type_name: 'Authentication: Logon',
  severity_id: 1,
  time: 1_600_000_000_000,
  metadata: METADATA,
  user: { uid: 'a', email_addr: 'a@example.com' },
  service: { name: 'A service' },
  src_endpoint: { ip: '10.0.0.1' },
}

const ACCESS: Json = {
  ...AUTHENTICATION,
  activity_name: 'Assign Privileges',
  class_uid: 3005,
  class_name: 'User Access Management',
  type_uid: 300501,
  type_name: 'User Access Management: Assign Privileges',
  service: undefined,
  privileges: ['read'],
  resources: [{ uid: 'v', type: 'Vault' }],
}

const SESSION: Json = {
  ...AUTHENTICATION,
  activity_name: 'Assign Privileges',
  class_uid: 3003,
  class_name: 'Authorize Session',
  type_uid: 300301,
  type_name: 'Authorize Session: Assign Privileges',
  service: undefined,
  privileges: ['read'],
}

const FINDING: Json = {
  activity_id: 1,
  category_uid: 2,
  class_uid: 2004,
  type_uid: 200401,
  severity_id: 4,
  status_id: 1,
  status: 'New',
  time: 1_600_000_000_000,
  metadata: METADATA,
  finding_info: { uid: 'f', analytic: { type_id: 1, uid: 'r' } },
}

describe('the validator', () => {
  it.each([
    ['Authentication', AUTHENTICATION],
    ['User Access Management', ACCESS],
    ['Authorize Session', SESSION],
    ['Detection Finding', FINDING],
    ['an enum value beside its caption', { ...AUTHENTICATION, status_id: 2, status: 'Failure' }],
    ['an enum value without a text', { ...AUTHENTICATION, status_id: 2 }],
    ['Other beside a word of the source', { ...AUTHENTICATION, status_id: 99, status: 'later' }],
    ['anything in unmapped', { ...AUTHENTICATION, unmapped: { a: [null, { b: 1 }] } }],
    [
      'attributes of a profile that the event names',
      {
        ...AUTHENTICATION,
        metadata: { ...METADATA, profiles: ['cloud'] },
        cloud: { provider: 'A cloud' },
      },
    ],
  ])('has nothing against %s', (_, event) => {
    expect(validate(event)).toEqual([])
  })

  it.each<[string, Json, string | RegExp | readonly string[]]>([
    [
      'a missing required attribute',
      { ...AUTHENTICATION, severity_id: undefined },
      'event has no severity_id',
    ],
    ['a missing required object', { ...AUTHENTICATION, user: undefined }, 'event has no user'],
    [
      'a missing attribute of an object',
      { ...AUTHENTICATION, metadata: { version: '1.8.0' } },
      'metadata has no product',
    ],
    ['a missing finding', { ...FINDING, finding_info: {} }, 'finding_info has no uid'],
    ['an unknown attribute', { ...AUTHENTICATION, usr: 1 }, 'event has the unknown attribute usr'],
    [
      'an unknown attribute deep inside',
      { ...AUTHENTICATION, src_endpoint: { ip: '10.0.0.1', os: { name: 'a', type_id: 100, verison: '1' } } },
      'src_endpoint.os has the unknown attribute verison',
    ],
    [
      'an attribute of another class',
      { ...AUTHENTICATION, group: { uid: 'g' } },
      'event has the unknown attribute group',
    ],
    ['a value outside the enum', { ...AUTHENTICATION, severity_id: 7 }, 'severity_id is not in the enum'],
    [
      'an activity of another class',
      { ...AUTHENTICATION, activity_id: 12 },
      [
        'event has a wrong text beside activity_id',
        'activity_id is not in the enum',
        'type_uid is not 300212',
        'type_name is not Authentication: undefined',
      ],
    ],
    [
      'a value outside the enum of an object',
      { ...AUTHENTICATION, user: { uid: 'a', type_id: 5 } },
      'user.type_id is not in the enum',
    ],
    [
      'a category of another class',
      { ...AUTHENTICATION, category_uid: 6 },
      [
        'event has a wrong text beside category_uid',
        'category_uid is not in the enum',
        'category_uid is not 3',
      ],
    ],
    ['a text for a number', { ...AUTHENTICATION, time: '1600000000000' }, 'time is not of the type integer'],
    ['a fraction for an integer', { ...AUTHENTICATION, time: 0.5 }, 'time is not of the type integer'],
    ['a number for a text', { ...AUTHENTICATION, user: { uid: 1 } }, 'user.uid is not of the type string'],
    ['a text for a list', { ...ACCESS, privileges: 'read' }, 'privileges is not of the type array'],
    [
      'a list for an object',
      { ...AUTHENTICATION, user: [{ uid: 'a' }] },
      ['user needs at least one of account,name,uid', 'user is not of the type object'],
    ],
    ['a text for unmapped', { ...AUTHENTICATION, unmapped: 'a' }, 'unmapped is not of the type object'],
    ['a wrong element of a list', { ...ACCESS, privileges: [1] }, 'privileges.0 is not of the type string'],
    ['null', { ...AUTHENTICATION, message: null }, 'message is not of the type string'],
    [
      'a wrong address',
      { ...AUTHENTICATION, src_endpoint: { ip: '10.0.0.256' } },
      /^src_endpoint\.ip must match/,
    ],
    [
      'an overlong address',
      { ...AUTHENTICATION, src_endpoint: { ip: `${' '.repeat(33)}10.0.0.1` } },
      'src_endpoint.ip must NOT have more than 40 characters',
    ],
    [
      'a wrong e-mail address',
      { ...AUTHENTICATION, user: { uid: 'a', email_addr: 'a' } },
      /^user\.email_addr must match/,
    ],
    [
      'a port out of range',
      { ...AUTHENTICATION, src_endpoint: { ip: '10.0.0.1', port: 65_536 } },
      'src_endpoint.port must be <= 65535',
    ],
    ['a missing sibling', { ...AUTHENTICATION, status_id: 99 }, 'event has a wrong text beside status_id'],
    [
      'an empty sibling',
      { ...AUTHENTICATION, status_id: 99, status: '' },
      'event has a wrong text beside status_id',
    ],
    [
      'Other beside Other',
      { ...AUTHENTICATION, status_id: 99, status: 'Other' },
      'event has a wrong text beside status_id',
    ],
    [
      'the caption of another value',
      { ...AUTHENTICATION, status_id: 1, status: 'Failure' },
      'event has a wrong text beside status_id',
    ],
    ['a sibling alone', { ...AUTHENTICATION, status: 'Success' }, 'event has a wrong text beside status_id'],
    [
      'a missing sibling of an object',
      { ...AUTHENTICATION, user: { uid: 'a', type_id: 99 } },
      'user has a wrong text beside type_id',
    ],
    [
      'none of at_least_one in a class',
      { ...AUTHENTICATION, service: undefined },
      'event needs at least one of service,dst_endpoint',
    ],
    [
      'none of at_least_one in an object',
      { ...AUTHENTICATION, user: { email_addr: 'a@example.com' } },
      'user needs at least one of account,name,uid',
    ],
    [
      'none of an inherited at_least_one',
      { ...ACCESS, resources: [{ type: 'Vault' }] },
      'resources.0 needs at least one of name,uid',
    ],
    ['none of just_one', { ...SESSION, privileges: undefined }, 'event needs just one of privileges,group'],
    ['two of just_one', { ...SESSION, group: { uid: 'g' } }, 'event needs just one of privileges,group'],
    ['a deprecated attribute', { ...ACCESS, resource: { uid: 'v' } }, 'resource is deprecated since 1.5.0'],
    [
      'a deprecated attribute of an object',
      { ...AUTHENTICATION, user: { uid: 'a', credential_uid: 'c' } },
      'user.credential_uid is deprecated since 1.6.0',
    ],
    [
      'an attribute of a profile that the event does not name',
      { ...AUTHENTICATION, cloud: { provider: 'A cloud' } },
      'event has the unknown attribute cloud',
    ],
    [
      'a missing attribute of a profile that the event names',
      { ...AUTHENTICATION, metadata: { ...METADATA, profiles: ['cloud'] } },
      'event has no cloud',
    ],
    [
      'an unknown profile',
      { ...AUTHENTICATION, metadata: { ...METADATA, profiles: ['clouds'] } },
      'metadata.profiles has clouds, which is no profile of the class',
    ],
    [
      'an object that the cut does not have',
      { ...AUTHENTICATION, src_endpoint: { ip: '10.0.0.1', hw_info: {} } },
      'src_endpoint.hw_info is an object that the cut does not have: device_hw_info',
    ],
    ['an unknown class', { ...AUTHENTICATION, class_uid: 3999 }, 'class_uid 3999 is no class of the cut'],
    [
      'the name of another class',
      { ...AUTHENTICATION, class_name: 'Logon' },
      ['event has a wrong text beside class_uid', 'class_name is not Authentication'],
    ],
    ['the type of another activity', { ...AUTHENTICATION, type_uid: 300202 }, 'type_uid is not 300201'],
    [
      'the name of another type',
      { ...AUTHENTICATION, type_name: 'Authentication: Logoff' },
      'type_name is not Authentication: Logon',
    ],
    [
      'another version',
      { ...AUTHENTICATION, metadata: { ...METADATA, version: '1.1.0' } },
      'metadata.version is not 1.8.0',
    ],
  ])('finds %s, and nothing else', (_, event, fault) => {
    const faults = [fault].flat().map(each => (typeof each === 'string' ? each : expect.stringMatching(each)))
    expect(validate(event)).toEqual(faults)
  })

  const OBSERVED = { name: 'src_endpoint.ip', type_id: 2, type: 'IP Address', value: '10.0.0.1' }

  it('has nothing against an observable that is in the event', () => {
    expect(validate({ ...AUTHENTICATION, observables: [OBSERVED] })).toEqual([])
    const inList = { name: 'resources[].uid', type_id: 10, type: 'Resource UID', value: 'v' }
    expect(validate({ ...ACCESS, observables: [inList] })).toEqual([])
  })

  it.each([
    ['is not in the event', { ...OBSERVED, name: 'dst_endpoint.ip' }],
    ['is no attribute', { ...OBSERVED, name: 'src_endpoint.address' }],
    ['has another value in the event', { ...OBSERVED, value: '10.0.0.2' }],
    ['is of another type', { ...OBSERVED, type_id: 5, type: 'Email Address' }],
    ['has the name of another type', { ...OBSERVED, type: 'Email Address' }],
  ])('finds an observable that %s', (_, observable) => {
    expect(validate({ ...AUTHENTICATION, observables: [observable] })).not.toEqual([])
  })

  it('tells every violation', () => {
    const event = { ...AUTHENTICATION, severity_id: undefined, usr: 1, time: 'now', status_id: 99 }
    expect(validate(event)).toHaveLength(4)
  })
})

describe('the rules of 1.5.0', () => {
  const validateOlder = compileValidator(toVersion15(OCSF_1_8))

  it('have nothing against what was known then', () => {
    expect(validateOlder({ ...AUTHENTICATION, user: { uid: 'a', type_id: 2, type: 'Admin' } })).toEqual([])
  })

  it.each([
    ['an attribute of the event', { raw_data_hash: {} }],
    ['an attribute of an object', { src_endpoint: { ip: '10.0.0.1', network_scope: 'home' } }],
    ['an inherited attribute', { src_endpoint: { ip: '10.0.0.1', mac_vendor: 'A vendor' } }],
    ['a value of an enum', { user: { uid: 'a', type_id: 4 } }],
  ])('do not know %s that came later', (_, members) => {
    expect(validateOlder({ ...AUTHENTICATION, ...members })).not.toEqual([])
  })
})
