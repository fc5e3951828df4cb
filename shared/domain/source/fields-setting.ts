import { SIEM_FORWARD, toFieldKey, toOwnSpelling } from './field-name.ts'
import { type RequestSection, readMember, refuse, shownName, subsection } from './request-section.ts'
import type { Member, Schema } from './shape.ts'
import type { Fields } from './source.ts'
import { countCharacters, findLabelFault } from './text-setting.ts'

/** docs/reference/management-api.md, "Fields". */
const MAX_FIELDS = 10
const MAX_NAME = 255
const MAX_VALUE = 200

/** With this limit all names of the field schema fit into one item of the table. */
const MAX_NAME_BYTES = 900

/** These names have a meaning of their own in JavaScript objects, so no store would keep them faithfully. */
const RESERVED = ['__proto__', 'constructor']

/** Returns what is wrong with the name of a field, or undefined. */
export function findFieldNameFault(name: string): string | undefined {
  if (name === '' || countCharacters(name) > MAX_NAME)
    return `must have a name of 1 to ${MAX_NAME} characters`
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    return `must have a name of at most ${MAX_NAME_BYTES} bytes in UTF-8`
  }
  if (RESERVED.includes(name)) return 'has a reserved name; choose another'
  if (!name.isWellFormed()) return 'must have a name of well-formed Unicode'
  const spelling = toOwnSpelling(name)
  return spelling === name ? findLabelFault(name) : `must be spelt ${spelling}`
}

function findValueFault(name: string, value: unknown): string | undefined {
  if (typeof value === 'boolean' && name === SIEM_FORWARD) return undefined
  if (typeof value !== 'string') {
    return name === SIEM_FORWARD ? 'must be true or false' : 'must be a string'
  }
  if (countCharacters(value) > MAX_VALUE) return `must be at most ${MAX_VALUE} characters long`
  return value.isWellFormed() ? undefined : 'must be well-formed Unicode (no lone surrogates)'
}

/** Returns what is wrong with the name if an earlier one differs from it only in case, or undefined. */
function findDoubleFault(name: string, earlier: readonly string[]): string | undefined {
  const other = earlier.find(candidate => toFieldKey(candidate) === toFieldKey(name))
  return other && `differs from the field ${shownName(other)} only in case; keep one of the two`
}

/** Faults are reported field by field. */
function checkFields(section: RequestSection): Fields {
  const fields = subsection(section, 'fields')
  if (!fields) return {}
  const entries = Object.entries(fields.values)
  if (entries.length > MAX_FIELDS) {
    refuse(section, 'fields', `must be at most ${MAX_FIELDS}; remove ${entries.length - MAX_FIELDS}`)
    return {}
  }
  const names = entries.map(([name]) => name)
  for (const [index, [name, value]] of entries.entries()) {
    const fault =
      findFieldNameFault(name) ?? findValueFault(name, value) ?? findDoubleFault(name, names.slice(0, index))
    if (fault) refuse(fields, name, fault)
  }
  return Object.fromEntries(entries) as Fields
}

export const FIELD_NAME_SCHEMA: Schema = { type: 'string', minLength: 1, maxLength: MAX_NAME }

const FIELD_NAME: Member<string, 'refused'> = {
  absence: 'refused',
  schema: FIELD_NAME_SCHEMA,
  check: (section, name) => {
    const given = readMember(section, name)
    const isText = typeof given === 'string'
    const fault = isText ? findFieldNameFault(given) : 'is required: the name of the field, a string'
    return isText && !fault ? given : refuse(section, name, String(fault), 'field:invalid_name')
  },
}

/** A request that adds a field. Terraform sends all members of a field, empty. Only the name counts. */
export const NEW_FIELD = { fieldName: FIELD_NAME }

const VALUE: Schema = { type: 'string', maxLength: MAX_VALUE }

/** The fields of a collector or a source. Without them there are none. */
export const FIELDS: Member<Fields, 'default'> = {
  absence: 'default',
  schema: {
    type: 'object',
    description:
      "Metadata of every event. A source's value wins over its collector's. _siemForward, a boolean, adds the Cloud SIEM fields. " +
      'Names that differ only in case are one field.',
    maxProperties: MAX_FIELDS,
    propertyNames: { minLength: 1, maxLength: MAX_NAME },
    properties: { [SIEM_FORWARD]: { anyOf: [{ type: 'boolean' }, VALUE] } },
    additionalProperties: VALUE,
  },
  check: checkFields,
}
