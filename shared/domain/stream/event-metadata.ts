import type { Api } from '../../contract/apis.ts'
import { deliveredFields } from '../source/field-schema.ts'
import type { DescribedSource, Fields } from '../source/source.ts'
import type { Item } from './page.ts'

/** What a source adds to each event: the counterpart of Sumo Logic's message metadata. */
export interface EventMetadata {
  readonly collector: string
  readonly source: string
  readonly sourceCategory: string
  readonly fields: Fields
  readonly api: Api
}

const SIEM_FORWARD = '_siemForward'

/**
 * What Cloud SIEM's log mappers look for (docs/reference/management-api.md, "Cloud SIEM fields"); `none` where the
 * event does not tell.
 */
const SIEM_EVENT_ID: Record<Api, (item: Item) => string> = {
  'sign-in': ({ category = 'none' }) => `signin-${category}`,
  itemUsage: ({ action = 'none' }) => `item_usage-${action}`,
  auditEvents: ({ action = 'none' }) => `audit-${action}`,
}

const siemFields = (api: Api, item: Item): Fields => ({
  _siemVendor: '1Password',
  _siemProduct: '1Password',
  _siemFormat: 'JSON',
  _siemParser: '/Parsers/System/1Password/1Password',
  _siemEventID: SIEM_EVENT_ID[api](item),
})

const isForwarded = ({ [SIEM_FORWARD]: forward }: Fields): boolean => forward === true || forward === 'true'

/**
 * Answers how the metadata of an item is made. The source's own category and fields win over the collector's
 * (docs/reference/management-api.md, "Field inheritance").
 */
export function metadataMaker(
  { collector, source, fieldSchema }: DescribedSource,
  api: Api,
): (item: Item) => EventMetadata {
  const fields = deliveredFields(fieldSchema, { ...collector.fields, ...source.fields })
  const forwarded = isForwarded(fields)
  const common = {
    collector: collector.name,
    source: source.name,
    sourceCategory: source.category ?? collector.category ?? '',
  }
  return item => ({ ...common, fields: forwarded ? { ...fields, ...siemFields(api, item) } : fields, api })
}
