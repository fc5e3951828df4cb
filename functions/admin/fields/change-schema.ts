import type { FieldSchema } from '../../../shared/domain/source/source.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { conflict } from '../http/api-error.ts'
import { MAX_LOST_RACES } from '../lost-races.ts'

/**
 * Changes the schema as it then is; a change that answers the same schema writes nothing. It is repeated when others
 * were faster. Throws ApiError 409 if they always are, and what the change throws.
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
