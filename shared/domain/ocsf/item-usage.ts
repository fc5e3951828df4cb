import { ITEM_USAGE_ACTIVITIES } from './activities.ts'
import { clientActor, clientEndpoint, feature, metadata, PRODUCT, product, user } from './common-parts.ts'
import { NUMBER_AS_TEXT } from './conversions.ts'
import { API_ACTIVITY } from './event-class.ts'
import { DONE, ITEM_USAGE_SEVERITY } from './outcomes.ts'
import { constant, type Part, value } from './rows.ts'
import type { Shape } from './shape.ts'

const api: Part = {
  at: 'api',
  rows: [value('operation', 'action')],
  needs: ['operation'],
  otherwise: { operation: 'unknown' },
}

const apiService: Part = {
  at: 'api.service',
  rows: [constant('name', PRODUCT), value('uid', 'account_uuid')],
}

const item: Part = {
  at: 'resources[]',
  rows: [
    constant('type', 'Item'),
    value('uid', 'item_uuid'),
    value('version', 'used_version', NUMBER_AS_TEXT),
  ],
  needs: ['uid'],
}

const vault: Part = {
  at: 'resources[]',
  rows: [constant('type', 'Vault'), value('uid', 'vault_uuid')],
  needs: ['uid'],
}

/**
 * The use of an item. It is API Activity, as reads of other stores of secrets are. Datastore Activity demands a
 * database, a bucket or a table, and Entity Management is for changes.
 */
export const ITEM_USAGE: Shape = {
  class: API_ACTIVITY,
  activity: { from: 'action', codes: ITEM_USAGE_ACTIVITIES },
  status: { from: undefined, codes: DONE, otherwise: 'done' },
  severity: { from: 'action', codes: ITEM_USAGE_SEVERITY, otherwise: 'usual' },
  parts: [
    metadata('itemusages', value('event_code', 'action')),
    product,
    feature('itemusages'),
    user('actor.user', { details: 'user', type: ['user.user_type', 'user.type'] }),
    api,
    apiService,
    item,
    vault,
    ...clientEndpoint,
    clientActor,
  ],
}
