import { FIELD_QUOTA } from '../../../shared/contract/limits.ts'
import type { FieldSchema } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { MAX_LOST_RACES } from '../conditional-writes.ts'
import { type ApiError, badRequest, conflict } from '../http/api-error.ts'

export const fieldQuotaExceeded = (): ApiError =>
  badRequest(
    'field:quota_exceeded',
    `There can be at most ${FIELD_QUOTA} fields. Delete some that are not used.`,
  )

/**
 * Changes the field schema by one conditional write, and repeats the change when other requests were faster. If `change`
 * returns the same schema, nothing is written. Throws ApiError 409 if others are always faster, and what `change` throws.
 */
export async function changeSchema(
  { registry }: Pick<AdminPorts, 'registry'>,
  change: (schema: FieldSchema) => FieldSchema,
): Promise<void> {
  for (let round = 0; round < MAX_LOST_RACES; round++) {
    const current = await registry.fieldSchema()
    const changed = change(current)
    if (changed === current) return
    const next = { ...changed, version: current.version + 1 }
    if (await registry.replaceFieldSchema(next, current.version)) return
  }
  throw conflict()
}
