import fc from 'fast-check'
import type { Api } from '../../../shared/contract/apis.ts'
import type { VendorEvent } from './vendor-events.ts'
import { AUDIT_ACTIONS, CATEGORIES, ITEM_ACTIONS, OBJECT_TYPES, SIGN_IN_TYPES } from './vendor-words.ts'

const nearAddress = fc
  .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.constantFrom('', ' ', '%eth0', '/24', '.1', ':', '::'))
  .map(([address, more]) => address + more)

const nearEmail = fc
  .tuple(fc.emailAddress(), fc.constantFrom('', ' ', '@', '.', 'é', '"a b"@example.com'))
  .map(([address, more]) => address + more)

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' ', 'CA', 'Canada', 'unknown', '__proto__', 'constructor'),
  fc.constantFrom('2026-03-01T12:00:00Z', '2026-03-01T12:00:00.123456789+05:30', '2026-02-30T12:00:00Z'),
  nearAddress,
  nearEmail,
)

/** What a member can be although the documentation says otherwise. */
const anyValue = fc.oneof(
  { weight: 6, arbitrary: anyText },
  { weight: 1, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.constantFrom(null, 0, -1, 1.5, true, false, [], {}) },
)

const object = (...names: readonly string[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .tuple(
          fc.record(Object.fromEntries(names.map(name => [name, anyValue])), { requiredKeys: [] }),
          fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 1 }),
        )
        .map(([known, unknown]) => ({ ...unknown, ...known })),
    },
    { weight: 1, arbitrary: anyValue },
  )

const word = (words: readonly string[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: anyValue })

const user = object('uuid', 'name', 'email', 'user_type', 'type', 'user_account_uuid')
const details = object('uuid', 'name', 'email')
const client = object(
  'app_name',
  'app_version',
  'platform_name',
  'platform_version',
  'os_name',
  'os_version',
  'ip_address',
  'ip',
)
const location = object('country', 'region', 'city', 'latitude', 'longitude')
const common = { uuid: anyValue, timestamp: anyValue, account_uuid: anyValue, location }

const MEMBERS: Readonly<Record<Api, Readonly<Record<string, fc.Arbitrary<unknown>>>>> = {
  'sign-in': {
    ...common,
    session_uuid: anyValue,
    category: word(CATEGORIES),
    type: word(SIGN_IN_TYPES),
    country: anyValue,
    details: object('value'),
    target_user: user,
    client,
  },
  itemUsage: {
    ...common,
    used_version: anyValue,
    vault_uuid: anyValue,
    item_uuid: anyValue,
    action: word(ITEM_ACTIONS),
    user,
    client,
  },
  auditEvents: {
    ...common,
    actor_uuid: anyValue,
    actor_details: details,
    actor_type: anyValue,
    actor_account_uuid: anyValue,
    action: word(AUDIT_ACTIONS),
    object_type: word(OBJECT_TYPES),
    object_uuid: anyValue,
    object_details: details,
    aux_id: anyValue,
    aux_uuid: anyValue,
    aux_details: details,
    aux_info: anyValue,
    session: object('uuid', 'login_time', 'device_uuid', 'ip'),
  },
}

/**
 * An event whose members are there or not, have the vendor's values, others or values of another type, and beside which
 * there are unknown members. It is what JSON.parse returns, with a member `__proto__` like every other.
 */
export const anyEvent = (api: Api): fc.Arbitrary<VendorEvent> =>
  fc
    .tuple(
      fc.record(MEMBERS[api], { requiredKeys: [] }),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'location.city')), fc.jsonValue(), {
        maxKeys: 3,
      }),
    )
    .map(([known, unknown]) => JSON.parse(JSON.stringify({ ...unknown, ...known })))
