import { type RequestSection, refuse, subsection } from './request-section.ts'
import type { Fields } from './source.ts'
import { characters, labelFault } from './text-setting.ts'

/** reference/sumo-api §5. */
const MAX_FIELDS = 10
const MAX_NAME = 255
const MAX_VALUE = 200

/** All the names of a field schema fit into one table item then. */
const MAX_NAME_BYTES = 900

/** The one field that is a boolean on the wire (reference/sumo-api §1.2). */
const SIEM_FORWARD = '_siemForward'

/** Names that JavaScript objects give a meaning of their own: no store would keep them faithfully. */
const RESERVED = ['__proto__', 'constructor']

/** What is wrong with a field's name, or undefined. */
export function fieldNameFault(name: string): string | undefined {
  if (name === '' || characters(name) > MAX_NAME) return `must have a name of 1 to ${MAX_NAME} characters`
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    return `must have a name of at most ${MAX_NAME_BYTES} bytes in UTF-8`
  }
  if (RESERVED.includes(name)) return 'has a reserved name; choose another'
  return name.isWellFormed() ? labelFault(name) : 'must have a name of well-formed Unicode'
}

function valueFault(name: string, value: unknown): string | undefined {
  if (typeof value === 'boolean' && name === SIEM_FORWARD) return undefined
  if (typeof value !== 'string') {
    return name === SIEM_FORWARD ? 'must be true or false' : 'must be a string'
  }
  if (characters(value) > MAX_VALUE) return `must be at most ${MAX_VALUE} characters long`
  return value.isWellFormed() ? undefined : 'must be well-formed Unicode (no lone surrogates)'
}

/** The fields of a collector or a source, none if they are missing. Faults are reported field by field. */
export function checkFields(section: RequestSection): Fields {
  const fields = subsection(section, 'fields')
  if (!fields) return {}
  const entries = Object.entries(fields.values)
  if (entries.length > MAX_FIELDS) {
    refuse(section, 'fields', `must be at most ${MAX_FIELDS}; remove ${entries.length - MAX_FIELDS}`)
    return {}
  }
  for (const [name, value] of entries) {
    const fault = fieldNameFault(name) ?? valueFault(name, value)
    if (fault) refuse(fields, name, fault)
  }
  return Object.fromEntries(entries) as Fields
}
