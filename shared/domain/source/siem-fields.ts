import { SIEM_FORWARD } from './field-name.ts'
import type { Fields } from './source.ts'

/** What Cloud SIEM is told of each event that is forwarded to it (docs/reference/management-api.md, "Cloud SIEM fields"). */
export const SIEM_FIELDS: Fields = {
  _siemVendor: '1Password',
  _siemProduct: '1Password',
  _siemFormat: 'JSON',
  _siemParser: '/Parsers/System/1Password/1Password',
}

/** Whether events with these fields go to Cloud SIEM. */
export const isForwarded = ({ [SIEM_FORWARD]: forward }: Fields): boolean =>
  forward === true || forward === 'true'
