import type { FieldFault } from '../../shared/domain/source/request-section.ts'
import type { Fields } from '../../shared/domain/source/source.ts'
import { invalid } from './http/api-error.ts'
import type { AdminRequest } from './http/message.ts'
import { flagOf, queryOf } from './http/query.ts'

interface Faulty {
  readonly faults: readonly FieldFault[]
}

interface Valid {
  readonly faults?: never
  readonly settings: { readonly fields: Fields }
}

/**
 * What a request asks a collector or a source to be, and the fields that are to be enabled for it. Throws ApiError 400
 * with all faults, of the query too.
 */
export function requested<Checked extends Valid>(request: AdminRequest, checked: Faulty | Checked) {
  const query = queryOf(request)
  const autoEnableFields = flagOf(query, 'autoEnableFields')
  const faults = [...query.faults, ...(checked.faults ?? [])]
  if (checked.faults || faults.length > 0) throw invalid(faults)
  return { ...checked, newFields: autoEnableFields ? Object.keys(checked.settings.fields) : [] }
}
