import { readFileSync } from 'node:fs'
import path from 'node:path'
import { AUDIT_EVENT_KINDS } from '../../../infra/local/account/history/audit-events.ts'
import { createHistory } from '../../../infra/local/account/history/history.ts'
import { ITEM_USAGE_KINDS } from '../../../infra/local/account/history/item-usages.ts'
import type { EventKind } from '../../../infra/local/account/history/made-up-event.ts'
import { SIGN_IN_KINDS } from '../../../infra/local/account/history/sign-in-attempts.ts'
import { makeWorld } from '../../../infra/local/account/history/world.ts'
import { APIS, type Api } from '../../../shared/contract/apis.ts'

export type VendorEvent = Readonly<Record<string, unknown>>

const SAMPLES: Readonly<Record<Api, readonly VendorEvent[]>> = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'vendor-samples.json'), 'utf8'),
)

/** Returns the events that the vendor's documentation prints. */
export const sampleEvents = (api: Api): readonly VendorEvent[] => SAMPLES[api]

/** Returns the documentation's event with other members in the place of its own. `undefined` takes a member out. */
export const sampleWith = (api: Api, members: VendorEvent): VendorEvent =>
  JSON.parse(JSON.stringify({ ...SAMPLES[api][0], ...members }))

const KINDS: Readonly<Record<Api, readonly EventKind[]>> = {
  'sign-in': SIGN_IN_KINDS,
  itemUsage: ITEM_USAGE_KINDS,
  auditEvents: AUDIT_EVENT_KINDS,
}

const BEGIN_MS = Date.UTC(2026, 2, 1)

/** Returns as many events as wanted of the simulated account, as JSON texts. */
export function madeEvents(api: Api, count: number, version: 1 | 2 = 2): readonly string[] {
  const seed = 'ocsf'
  const { feature } = APIS[api]
  const plan = { seed, feature, world: makeWorld(seed), kinds: KINDS[api], perDay: 2000, beginMs: BEGIN_MS }
  const events: string[] = []
  for (const event of createHistory(plan)('', '2026-12-31T00:00:00.000000000Z')) {
    if (events.length === count) break
    events.push(typeof event.json === 'string' ? event.json : event.json(version))
  }
  return events
}
