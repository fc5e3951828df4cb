import type { Api } from '../../../shared/contract/apis.ts'
import { toOcsfEvent } from '../../../shared/domain/ocsf/ocsf-event.ts'
import type { VendorEvent } from './vendor-events.ts'

export const DELIVERED_MS = 1_800_000_000_000

export const map = (api: Api, event: VendorEvent) => toOcsfEvent(api, event, { deliveredMs: DELIVERED_MS })

export const USER = { uuid: 'user-1', name: 'Ann Lee', email: 'ann@example.com' }
export const OCSF_USER = {
  uid: 'user-1',
  name: 'ann@example.com',
  full_name: 'Ann Lee',
  email_addr: 'ann@example.com',
  type_id: 1,
  type: 'User',
}
export const CLIENT = {
  app_name: '1Password for Mac',
  app_version: '81',
  os_name: 'MacOSX',
  os_version: '15.1',
  ip_address: '10.1.2.3',
}
export const LOCATION = {
  country: 'CA',
  region: 'Ontario',
  city: 'Toronto',
  latitude: 43.64,
  longitude: -79.433,
}
export const OCSF_LOCATION = { country: 'CA', region: 'Ontario', city: 'Toronto', lat: 43.64, long: -79.433 }
export const COMMON = {
  uuid: 'event-1',
  timestamp: '2026-03-01T12:00:00.123987+01:00',
  account_uuid: 'account-1',
  location: LOCATION,
}
export const OCSF_METADATA = {
  version: '1.8.0',
  uid: 'event-1',
  tenant_uid: 'account-1',
  log_provider: '1Password Events API',
  logged_time: DELIVERED_MS,
  original_time: '2026-03-01T12:00:00.123987+01:00',
}
export const product = (stream: string) => ({
  product: { name: '1Password', vendor_name: '1Password', feature: { name: stream } },
  log_name: stream,
})

export const USER_UID = { name: 'user.uid', type_id: 31, type: 'User Object: uid' }
export const ACTOR_UID = { ...USER_UID, name: 'actor.user.uid' }
export const ACTOR_EMAIL = { name: 'actor.user.email_addr', type_id: 5, type: 'Email Address' }
export const IP = { name: 'src_endpoint.ip', type_id: 2, type: 'IP Address' }
