import { checkFields } from './fields-setting.ts'
import { type FieldFault, type JsonObject, memberOf, type RequestSection, refuse } from './request-section.ts'
import type { Collector } from './source.ts'
import { CATEGORY_RULE, checkText, DESCRIPTION_RULE, NAME_RULE } from './text-setting.ts'

export const COLLECTOR_TYPE = 'Hosted'

/** What of a collector its user decides. */
export type CollectorSettings = Pick<Collector, 'name' | 'description' | 'category' | 'timeZone' | 'fields'>

export type NewCollector =
  | { readonly faults: readonly FieldFault[] }
  | { readonly faults?: never; readonly settings: CollectorSettings }

/** Without effect, but kept: clients compare what comes back with what they sent. */
const TIME_ZONE_RULE = { max: 128, label: true } as const

function checkType(section: RequestSection): void {
  if (memberOf(section, 'collectorType') === COLLECTOR_TYPE) return
  refuse(section, 'collectorType', `must be "${COLLECTOR_TYPE}"`, 'collectors.validation.type.invalid')
}

function checkSettings(section: RequestSection): CollectorSettings | undefined {
  const name = checkText(section, 'name', NAME_RULE)
  const description = checkText(section, 'description', DESCRIPTION_RULE)
  const category = checkText(section, 'category', CATEGORY_RULE)
  const timeZone = checkText(section, 'timeZone', TIME_ZONE_RULE)
  const fields = checkFields(section)
  if (name === undefined) return undefined
  return {
    name,
    ...(description !== undefined && { description }),
    ...(category !== undefined && { category }),
    ...(timeZone !== undefined && { timeZone }),
    fields,
  }
}

/** The `collector` of a create request. Members without meaning for hosted collectors (`ephemeral` …) are ignored. */
export function checkNewCollector(collector: JsonObject): NewCollector {
  const section: RequestSection = { path: '', values: collector, faults: [] }
  checkType(section)
  if (memberOf(section, 'id') !== undefined) {
    refuse(section, 'id', 'must not be given; it is assigned', 'collectors.validation.id.invalid')
  }
  const settings = checkSettings(section)
  return settings && section.faults.length === 0 ? { settings } : { faults: section.faults }
}
