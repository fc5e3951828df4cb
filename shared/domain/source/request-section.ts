/** Parsed JSON of a request while it is checked: every fault is collected, so that one answer names them all. */

export type JsonObject = Readonly<Record<string, unknown>>

export interface FieldFault {
  /** Path of the member within the request's entity, e.g. `config.base_url`. */
  readonly field: string
  /** What is wanted. Never the value: it may be a token in the wrong place. */
  readonly message: string
  /** Wire code where clients know one. */
  readonly code?: string
}

export interface RequestSection {
  readonly path: string
  readonly values: JsonObject
  readonly faults: FieldFault[]
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const MAX_SHOWN_NAME = 64

const joinPath = (section: RequestSection, name: string): string => {
  const shown = name.length > MAX_SHOWN_NAME ? `${name.slice(0, MAX_SHOWN_NAME)}…` : name
  return section.path === '' ? shown : `${section.path}.${shown}`
}

/** A member's value; undefined if it is missing or null, which clients send for what is not set. */
export const readMember = (section: RequestSection, name: string): unknown =>
  Object.hasOwn(section.values, name) ? (section.values[name] ?? undefined) : undefined

export function refuse(section: RequestSection, name: string, message: string, code?: string): undefined {
  section.faults.push({ field: joinPath(section, name), message, ...(code !== undefined && { code }) })
}

/** The object under this name; undefined if it is missing, or is none, which is a fault. */
export function subsection(section: RequestSection, name: string): RequestSection | undefined {
  const values = readMember(section, name)
  if (values === undefined) return undefined
  if (!isJsonObject(values)) return refuse(section, name, 'must be a JSON object')
  return { path: joinPath(section, name), values, faults: section.faults }
}

/** The same for an object that must be there. */
export function requiredSubsection(
  section: RequestSection,
  name: string,
  wanted: string,
): RequestSection | undefined {
  if (readMember(section, name) === undefined) return refuse(section, name, `is required: ${wanted}`)
  return subsection(section, name)
}

/** As many as a person reads; the rest are counted. */
const MAX_UNKNOWN_NAMED = 20

export function refuseUnknown(section: RequestSection, known: readonly string[]): void {
  const unknown = Object.keys(section.values).filter(name => !known.includes(name))
  for (const name of unknown.slice(0, MAX_UNKNOWN_NAMED)) {
    refuse(section, name, `is not known; remove it (known are ${known.join(', ')})`)
  }
  if (unknown.length > MAX_UNKNOWN_NAMED) {
    refuse(section, '*', `${unknown.length - MAX_UNKNOWN_NAMED} more members are not known; remove them`)
  }
}
