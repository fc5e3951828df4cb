import { badRequest, invalid, notFound } from '../http/api-error.ts'
import { type AdminHandler, type AdminRequest, json } from '../http/message.ts'
import { integerOf, queryOf, windowOf } from '../http/query.ts'

/** Calls that are about installed collectors (reference/sumo-api §4.3). There are none here: all lists are empty. */

function checkOffline(request: AdminRequest): void {
  const query = queryOf(request)
  integerOf(query, 'aliveBeforeDays', { min: 1, max: Number.MAX_SAFE_INTEGER, otherwise: 100 })
  windowOf(query)
  if (query.faults.length > 0) throw invalid(query.faults)
}

/** GET /collectors/offline */
export const listOffline: AdminHandler = async request => {
  checkOffline(request)
  return json(200, { collectors: [] })
}

/** DELETE /collectors/offline */
export const deleteOffline: AdminHandler = async request => {
  checkOffline(request)
  return json(200, { message: 'The delete task has been initiated.' })
}

/** GET /collectors/upgrades/collectors */
export const listUpgradable: AdminHandler = async () => json(200, { collectors: [] })

/** GET /collectors/upgrades/targets */
export const listUpgradeTargets: AdminHandler = async () => json(200, { targets: [] })

/** POST /collectors/upgrades */
export const upgradeCollector: AdminHandler = async () => {
  throw badRequest(
    'collectors.validation.type.invalid',
    'Invalid Collector type for the requested operation. Hosted collectors need no upgrade.',
  )
}

/** GET /collectors/upgrades/{upgradeId} */
export const getUpgrade: AdminHandler = async () => {
  throw notFound()
}
