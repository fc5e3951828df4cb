import type { CutShape, SchemaCut } from './schema-cut.ts'

/*
 * The rules of OCSF 1.5.0, by OCSF's change log: those of 1.8.0 without what 1.6.0, 1.7.0 and 1.8.0 added to the classes
 * and objects of the cut. Captions are those of 1.8.0. (1.7.0 renamed two activities of Account Change.)
 */

const words = (text: string): readonly string[] => text.split(' ')

const LATER_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  account: words('is_disabled is_locked is_on_premises_sync_enabled'),
  account_change: words('auth_factors'),
  analytic: words('state state_id'),
  api: words('token'),
  authentication: words('account_switch_type account_switch_type_id'),
  base_event: words('raw_data_hash'),
  endpoint: words('mac_vendor pool'),
  finding_info: words('attack_graph'),
  group: words('uid_alt'),
  metadata: words(
    'is_truncated untruncated_size reporter source type log_source original_event_uid log_format transmit_time total_queued_duration',
  ),
  network_endpoint: words('fingerprints network_scope network_scope_id'),
  observable: words('event_uid type_uid'),
  policy: words('type'),
  related_event: words('status'),
  resource_details: words('role role_id provider'),
  user: words('programmatic_credentials'),
}

/** Values of enums, by class or object and attribute. */
const LATER_VALUES: Readonly<Record<string, readonly string[]>> = {
  'account.type_id': words('19'),
  'authentication.activity_id': words('7'),
  'finding.status_id': words('6'),
  'group_management.activity_id': words('7 8'),
  'user.type_id': words('4'),
}

const without = <T>(all: Readonly<Record<string, T>>, names: readonly string[] = []): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)))

function olderShape(name: string, shape: CutShape): CutShape {
  const attributes = Object.entries(without(shape.attributes, LATER_ATTRIBUTES[name])).map(
    ([attribute, each]) =>
      [
        attribute,
        each.enum ? { ...each, enum: without(each.enum, LATER_VALUES[`${name}.${attribute}`]) } : each,
      ] as const,
  )
  return { ...shape, attributes: Object.fromEntries(attributes) }
}

const olderShapes = (shapes: Readonly<Record<string, CutShape>>): Record<string, CutShape> =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, olderShape(name, shape)]))

/** Returns the rules of 1.5.0 for events that call themselves 1.8.0. */
export const toVersion15 = (schema: SchemaCut): SchemaCut => ({
  ...schema,
  objects: olderShapes(schema.objects),
  events: olderShapes(schema.events),
})
