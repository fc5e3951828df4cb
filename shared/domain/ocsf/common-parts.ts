import {
  COUNTRY_CODE,
  COUNTRY_NAME,
  EMAIL_ADDRESS,
  IP,
  MILLISECONDS,
  NUMBER,
  SERVICE_WORD,
} from './conversions.ts'
import { OCSF_VERSION } from './event-class.ts'
import { OS_TYPES, USER_TYPES } from './object-types.ts'
import { code, constant, type Member, type Part, value } from './rows.ts'

export const PRODUCT = '1Password'
const UNKNOWN = 'unknown'

/** What an object is called that OCSF demands and the event does not name. */
export const UNKNOWN_UID = { uid: UNKNOWN }
const UNKNOWN_NAME = { name: UNKNOWN }

interface UserMembers {
  /** The object with `uuid`, `name` and `email`. */
  readonly details: string
  /** The member that has the uuid if there are no details. */
  readonly uuid?: Member
  readonly type?: readonly Member[]
}

/** A user. The e-mail address is the name that the user signs in with. */
export const user = (at: string, { details, uuid, type = [] }: UserMembers): Part => ({
  at,
  rows: [
    value('uid', [`${details}.uuid`, ...(uuid === undefined ? [] : [uuid])]),
    value('name', `${details}.email`),
    value('full_name', `${details}.name`),
    value('email_addr', `${details}.email`, EMAIL_ADDRESS),
    code('type', `${details}.email`, USER_TYPES, { as: SERVICE_WORD, others: 'none' }),
    code('type', type, USER_TYPES, { others: { without: 'user' } }),
  ],
  needs: ['uid', 'name'],
})

/** The same for a class that demands a user. */
export const demandedUser = (at: string, members: UserMembers): Part => ({
  ...user(at, members),
  otherwise: UNKNOWN_UID,
})

export const metadata = (stream: string, eventCode: Part['rows'][number]): Part => ({
  at: 'metadata',
  rows: [
    constant('version', OCSF_VERSION),
    value('uid', 'uuid'),
    value('tenant_uid', 'account_uuid'),
    value('original_time', 'timestamp'),
    eventCode,
    constant('log_name', stream),
    constant('log_provider', '1Password Events API'),
  ],
})

export const product: Part = {
  at: 'metadata.product',
  rows: [constant('name', PRODUCT), constant('vendor_name', PRODUCT)],
}

export const feature = (stream: string): Part => ({
  at: 'metadata.product.feature',
  rows: [constant('name', stream)],
})

const operatingSystem: Part = {
  at: 'src_endpoint.os',
  rows: [
    value('name', 'client.os_name'),
    value('version', 'client.os_version'),
    code('type', 'client.os_name', OS_TYPES),
  ],
  needs: ['name'],
}

const location: Part = {
  at: 'src_endpoint.location',
  rows: [
    value('country', 'location.country', COUNTRY_CODE),
    value('region', 'location.region'),
    value('city', 'location.city'),
    value('lat', 'location.latitude', NUMBER),
    value('long', 'location.longitude', NUMBER),
    value('desc', 'location.country', COUNTRY_NAME),
  ],
  needs: ['country', 'region', 'city'],
}

/** Where a sign-in attempt or an item usage came from. */
export const clientEndpoint: readonly Part[] = [
  operatingSystem,
  location,
  {
    at: 'src_endpoint',
    rows: [value('ip', ['client.ip_address', 'client.ip'], IP), value('svc_name', 'client.app_name')],
    needs: ['ip', 'svc_name'],
    otherwise: UNKNOWN_NAME,
  },
]

/** Where an audit event came from. */
export const sessionEndpoint: readonly Part[] = [
  location,
  {
    at: 'src_endpoint',
    rows: [value('ip', 'session.ip', IP), value('uid', 'session.device_uuid')],
    needs: ['ip', 'uid'],
    otherwise: UNKNOWN_NAME,
  },
]

/** The session that an audit event was made in. */
export const actorSession: Part = {
  at: 'actor.session',
  rows: [value('uid', 'session.uuid'), value('created_time', 'session.login_time', MILLISECONDS)],
  needs: ['uid', 'created_time'],
}

const ANY_ACTOR = {
  at: 'actor',
  needs: ['app_name', 'user', 'session'],
  otherwise: { app_name: PRODUCT },
} as const

/** The app that acted. An actor is never empty. */
export const clientActor: Part = { ...ANY_ACTOR, rows: [value('app_name', 'client.app_name')] }

/** The same for an event that names no app. */
export const sessionActor: Part = { ...ANY_ACTOR, rows: [] }
