/**
 * Hive types of what the three event types hold (docs/reference/events-api.md, "Event types"): the union of their
 * members.
 */

const PERSON = 'uuid:string,name:string,email:string'
const USER = `struct<${PERSON},user_type:string,type:string,user_account_uuid:string>`
const DETAILS = `struct<${PERSON}>`
const CLIENT_MEMBERS = [
  'app_name',
  'app_version',
  'platform_name',
  'platform_version',
  'os_name',
  'os_version',
  'ip_address',
  'ip',
]
const CLIENT = `struct<${CLIENT_MEMBERS.map(member => `${member}:string`).join(',')}>`
const LOCATION = 'struct<country:string,region:string,city:string,latitude:double,longitude:double>'
const SESSION = 'struct<uuid:string,login_time:string,device_uuid:string,ip:string>'
const METADATA =
  'struct<collector:string,source:string,sourcecategory:string,fields:map<string,string>,api:string>'

/** Times are strings. They have 0 to 9 decimals, and no timestamp type of Athena can read all of these. */
export const EVENT_COLUMNS = [
  ['uuid', 'string'],
  ['timestamp', 'string'],
  ['account_uuid', 'string'],
  ['category', 'string'],
  ['type', 'string'],
  ['action', 'string'],
  ['country', 'string'],
  ['details', 'struct<value:string>'],
  ['session_uuid', 'string'],
  ['target_user', USER],
  ['user', USER],
  ['client', CLIENT],
  ['location', LOCATION],
  ['session', SESSION],
  ['used_version', 'bigint'],
  ['vault_uuid', 'string'],
  ['item_uuid', 'string'],
  ['actor_uuid', 'string'],
  ['actor_details', DETAILS],
  ['actor_type', 'string'],
  ['actor_account_uuid', 'string'],
  ['object_type', 'string'],
  ['object_uuid', 'string'],
  ['object_details', DETAILS],
  ['aux_id', 'bigint'],
  ['aux_uuid', 'string'],
  ['aux_details', DETAILS],
  ['aux_info', 'string'],
  ['metadata', METADATA],
] as const
