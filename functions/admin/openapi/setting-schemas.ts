import { orNull, type Schema } from './schema.ts'

/** Settings that collectors and sources have alike. */

export const NAME: Schema = { type: 'string', minLength: 1, maxLength: 128 }
export const DESCRIPTION: Schema = { type: 'string', maxLength: 1024 }
export const CATEGORY: Schema = {
  type: 'string',
  maxLength: 1024,
  description: "The events' _sourceCategory. A source without one takes the collector's.",
}

const FIELD_VALUE: Schema = { type: 'string', maxLength: 200 }

/** What is not in the field schema, or disabled there, is dropped at delivery. */
export const FIELDS: Schema = {
  type: 'object',
  description:
    "Metadata of every event. A source's value wins over its collector's. _siemForward, a boolean, adds the Cloud SIEM fields.",
  maxProperties: 10,
  propertyNames: { minLength: 1, maxLength: 255 },
  properties: { _siemForward: { anyOf: [{ type: 'boolean' }, FIELD_VALUE] } },
  additionalProperties: FIELD_VALUE,
}

export const FIELDS_GIVEN = orNull(FIELDS)
