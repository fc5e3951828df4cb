import { isDelivered } from '../../../shared/domain/source/field-schema.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { type AdminHandler, json } from '../http/message.ts'
import { usedFields } from './used.ts'

/** GET /fields/dropped: what collectors and sources set and no event carries, as the schema lacks it or has it disabled. */
export const droppedFields =
  (ports: AdminPorts): AdminHandler =>
  async () => {
    const [used, schema] = await Promise.all([usedFields(ports), ports.registry.fieldSchema()])
    const dropped = [...used].filter(name => !isDelivered(schema, name)).sort()
    return json(200, { data: dropped.map(fieldName => ({ fieldName })) })
  }
