import { checkDestination } from './destination.ts'
import { checkFields } from './fields-setting.ts'
import { type FieldFault, type JsonObject, memberOf, type RequestSection, refuse } from './request-section.ts'
import type { Collector } from './source.ts'
import { CATEGORY_RULE, checkText, DESCRIPTION_RULE, NAME_RULE } from './text-setting.ts'

export const COLLECTOR_TYPE = 'Hosted'

/** What of a collector its user decides. */
export type CollectorSettings = Pick<
  Collector,
  'name' | 'description' | 'category' | 'timeZone' | 'destination' | 'fields'
>

export type CheckedCollector =
  | { readonly faults: readonly FieldFault[] }
  | { readonly faults?: never; readonly settings: CollectorSettings }

/** Without effect, but kept: clients compare what comes back with what they sent. */
const TIME_ZONE_RULE = { max: 128, label: true } as const

function checkType(section: RequestSection): void {
  if (memberOf(section, 'collectorType') === COLLECTOR_TYPE) return
  refuse(section, 'collectorType', `must be "${COLLECTOR_TYPE}"`, 'collectors.validation.type.invalid')
}

function checkSettings(section: RequestSection, current?: Collector): CollectorSettings | undefined {
  const name = checkText(section, 'name', NAME_RULE)
  const description = checkText(section, 'description', DESCRIPTION_RULE)
  const category = checkText(section, 'category', CATEGORY_RULE)
  const timeZone = checkText(section, 'timeZone', TIME_ZONE_RULE)
  const destination = checkDestination(section, current?.destination)
  const fields = checkFields(section)
  if (name === undefined) return undefined
  return {
    name,
    ...(description !== undefined && { description }),
    ...(category !== undefined && { category }),
    ...(timeZone !== undefined && { timeZone }),
    destination,
    fields,
  }
}

const checked = (settings: CollectorSettings | undefined, { faults }: RequestSection): CheckedCollector =>
  settings && faults.length === 0 ? { settings } : { faults }

const ID_CODE = 'collectors.validation.id.invalid'

/** The `collector` of a create request. Members without meaning for hosted collectors (`ephemeral` …) are ignored. */
export function checkNewCollector(collector: JsonObject): CheckedCollector {
  const section: RequestSection = { path: '', values: collector, faults: [] }
  checkType(section)
  if (memberOf(section, 'id') !== undefined) {
    refuse(section, 'id', 'must not be given; it is assigned', ID_CODE)
  }
  return checked(checkSettings(section), section)
}

/** The `collector` of an update: the whole of it. What is absent is unset, but for the destination. */
export function checkCollectorUpdate(collector: JsonObject, current: Collector): CheckedCollector {
  const section: RequestSection = { path: '', values: collector, faults: [] }
  checkType(section)
  if (memberOf(section, 'id') !== current.id) {
    refuse(section, 'id', `must be ${current.id}, the number in the path`, ID_CODE)
  }
  return checked(checkSettings(section, current), section)
}
