import { DESTINATION, type DestinationRules, findFieldFaults } from './destination.ts'
import { FIELDS } from './fields-setting.ts'
import { ID_IN_PATH, NO_ID } from './id-setting.ts'
import type { FieldFault, JsonObject } from './request-section.ts'
import { type Checked, checkShape, described, type Values } from './shape.ts'
import type { Collector } from './source.ts'
import { CATEGORY, constant, DESCRIPTION, NAME, TIME_ZONE } from './text-setting.ts'

export const COLLECTOR_TYPE = 'Hosted'

const TYPE = { collectorType: constant(COLLECTOR_TYPE, { invalid: 'collectors.validation.type.invalid' }) }

/** What the user of a collector decides. */
const SETTINGS = {
  name: described(NAME, 'Unique among collectors.'),
  description: DESCRIPTION,
  category: CATEGORY,
  timeZone: TIME_ZONE,
  destination: DESTINATION,
  fields: FIELDS,
}

/** The `collector` of a create request. Members without meaning for hosted collectors (`ephemeral` …) are ignored. */
export const NEW_COLLECTOR = { ...TYPE, id: NO_ID, ...SETTINGS }

/** The `collector` of an update: the whole of it. What is absent is unset, except the destination. */
export const COLLECTOR_UPDATE = { ...TYPE, id: ID_IN_PATH, ...SETTINGS }

export type CheckedCollector =
  | { readonly faults: readonly FieldFault[] }
  | { readonly faults?: never; readonly settings: Values<typeof SETTINGS> }

function toCheckedCollector({
  faults,
  values,
}: Checked<Values<typeof NEW_COLLECTOR | typeof COLLECTOR_UPDATE>>): CheckedCollector {
  if (faults) return { faults }
  const { id: _, collectorType: __, ...settings } = values
  const fieldFaults = findFieldFaults(settings.destination, settings.fields, 'fields')
  return fieldFaults.length > 0 ? { faults: fieldFaults } : { settings }
}

export const checkNewCollector = (collector: JsonObject, destinations: DestinationRules): CheckedCollector =>
  toCheckedCollector(checkShape(collector, NEW_COLLECTOR, { destinations }))

export const checkCollectorUpdate = (
  collector: JsonObject,
  destinations: DestinationRules,
  current: Collector,
): CheckedCollector => toCheckedCollector(checkShape(collector, COLLECTOR_UPDATE, { destinations, current }))
