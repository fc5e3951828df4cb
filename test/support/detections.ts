import type { Api } from '../../shared/contract/apis.ts'
import { judgeEvent, type Recall } from '../../shared/domain/detections/judge.ts'
import { createLists, type ListName } from '../../shared/domain/detections/lists.ts'
import { sampleWith, type VendorEvent } from './ocsf/vendor-events.ts'

export const ANN = { uuid: 'ANN', name: 'Ann Lee', email: 'ann@example.com' }
export const BO = { uuid: 'BO', name: 'Bo Ek', email: 'bo@example.com' }
export const GRANTED_MS = Date.UTC(2026, 2, 1, 12)

/** Lists with one entry each. */
export const LISTS: Partial<Readonly<Record<ListName, readonly string[]>>> = {
  privilegedGroups: ['owners'],
  privilegedVaults: ['finance'],
  sensitiveItems: ['root-password'],
  blockedCountries: ['KP', 'North Korea'],
}

const MEMBERS: Readonly<Record<Api, VendorEvent>> = {
  'sign-in': { target_user: ANN },
  itemUsage: { user: ANN, vault_uuid: 'team', item_uuid: 'wifi-password', timestamp: '2026-03-01T12:30:00Z' },
  auditEvents: {
    actor_uuid: ANN.uuid,
    actor_details: ANN,
    object_uuid: 'team',
    object_details: undefined,
    aux_uuid: BO.uuid,
    aux_details: BO,
    timestamp: '2026-03-01T12:00:00Z',
  },
}

/** The vendor's sample event with two people, a vault and an item, and with the members that a test is about. */
export const eventWith = (api: Api, members: VendorEvent): VendorEvent =>
  sampleWith(api, { ...MEMBERS[api], ...members })

/** Ann has given herself access to one vault at noon. */
const recallGrant: Recall = key => (key === '["access-taken","ANN","taken"]' ? GRANTED_MS : undefined)

/** Returns the ids of the rules that hold for an event. */
export const firedBy = (api: Api, event: VendorEvent, recall = recallGrant): string[] =>
  judgeEvent(api, event, { lists: createLists(LISTS), recall }).map(({ id }) => id)
