import {
  ACCESS_ACTIVITIES,
  ACCOUNT_ACTIVITIES,
  ENTITY_ACTIVITIES,
  GROUP_ACTIVITIES,
  MEMBERSHIP_ACTIVITIES,
} from './activities.ts'
import type { Codes } from './codes.ts'
import {
  actorSession,
  demandedUser,
  feature,
  metadata,
  product,
  sessionActor,
  sessionEndpoint,
  UNKNOWN_UID,
  user,
} from './common-parts.ts'
import { LIST } from './conversions.ts'
import {
  ACCOUNT_CHANGE,
  ENTITY_MANAGEMENT,
  type EventClass,
  GROUP_MANAGEMENT,
  USER_ACCESS_MANAGEMENT,
} from './event-class.ts'
import { ENTITY_TYPES } from './object-types.ts'
import { DONE, INFORMATIONAL } from './outcomes.ts'
import { code, constant, join, type Part, value } from './rows.ts'
import type { Shape } from './shape.ts'

const shape = (eventClass: EventClass, activities: Codes, parts: readonly Part[]): Shape => ({
  class: eventClass,
  activity: { from: 'action', codes: activities },
  status: { from: undefined, codes: DONE, otherwise: 'done' },
  severity: { from: undefined, codes: INFORMATIONAL, otherwise: 'usual' },
  parts: [
    metadata('auditevents', join('event_code', ['object_type', 'action'], '.')),
    product,
    feature('auditevents'),
    user('actor.user', { details: 'actor_details', uuid: 'actor_uuid', type: ['actor_type'] }),
    actorSession,
    ...parts,
    ...sessionEndpoint,
    sessionActor,
  ],
})

const group = (uuid: string): Part => ({
  at: 'group',
  rows: [value('uid', uuid)],
  needs: ['uid'],
  otherwise: UNKNOWN_UID,
})

const vault = (at: string): Part => ({
  at,
  rows: [constant('type', 'Vault'), value('uid', 'object_uuid')],
  needs: ['uid'],
})

const privileges: Part = { at: '', rows: [value('privileges', 'aux_info', LIST)] }

const demandedPrivileges: Part = {
  at: '',
  rows: [...privileges.rows, constant('privileges', ['unknown'])],
}

const entity: Part = {
  at: 'entity',
  rows: [
    value('uid', 'object_uuid'),
    value('name', 'object_details.name'),
    code('type', 'object_type', ENTITY_TYPES),
  ],
  needs: ['uid', 'name'],
  otherwise: UNKNOWN_UID,
}

const changedUser = demandedUser('user', { details: 'object_details', uuid: 'object_uuid' })
const otherUser = { details: 'aux_details', uuid: 'aux_uuid' }

const accountChange = shape(ACCOUNT_CHANGE, ACCOUNT_ACTIVITIES, [changedUser])
const groupChange = shape(GROUP_MANAGEMENT, GROUP_ACTIVITIES, [group('object_uuid')])
const membership = shape(GROUP_MANAGEMENT, MEMBERSHIP_ACTIVITIES, [
  group('object_uuid'),
  user('user', otherUser),
])
const groupAccess = shape(GROUP_MANAGEMENT, ACCESS_ACTIVITIES, [
  group('aux_uuid'),
  vault('resource'),
  privileges,
])
const userAccess = shape(USER_ACCESS_MANAGEMENT, ACCESS_ACTIVITIES, [
  demandedUser('user', otherUser),
  vault('resources[]'),
  demandedPrivileges,
])

/** How audit events are mapped, by the type of their object. OCSF 1.9 renames classes: then this table changes. */
export const AUDIT_BY_OBJECT: ReadonlyMap<string, Shape> = new Map([
  ['user', accountChange],
  ['ec', accountChange],
  ['miguser', accountChange],
  ['group', groupChange],
  ['gm', membership],
  ['gva', groupAccess],
  ['uva', userAccess],
])

/** How audit events about every other object are mapped. */
export const AUDIT_OF_ENTITY: Shape = shape(ENTITY_MANAGEMENT, ENTITY_ACTIVITIES, [entity])
