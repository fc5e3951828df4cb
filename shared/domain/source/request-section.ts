/** The JSON of a request while it is checked. All faults are collected, so that one answer names all of them. */

export type JsonObject = Readonly<Record<string, unknown>>

export interface FieldFault {
  /** Path of the member within the request's entity, e.g. `config.base_url`. */
  readonly field: string
  /** What is wanted. It never quotes the value, because that may be a token in the wrong place. */
  readonly message: string
  /** The code of the API for this fault, if clients know one. */
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

export const shownName = (name: string): string =>
  name.length > MAX_SHOWN_NAME ? `${name.slice(0, MAX_SHOWN_NAME)}…` : name

const joinPath = (section: RequestSection, name: string): string =>
  section.path === '' ? shownName(name) : `${section.path}.${shownName(name)}`

/** Returns undefined for a member that is missing or null: clients send null for what is not set. */
export const readMember = (section: RequestSection, name: string): unknown =>
  Object.hasOwn(section.values, name) ? (section.values[name] ?? undefined) : undefined

export function refuse(section: RequestSection, name: string, message: string, code?: string): undefined {
  section.faults.push({ field: joinPath(section, name), message, ...(code !== undefined && { code }) })
}

/** Returns the object under this name. Another value than an object is a fault; a missing one is not. */
export function subsection(section: RequestSection, name: string): RequestSection | undefined {
  const values = readMember(section, name)
  if (values === undefined) return undefined
  if (!isJsonObject(values)) return refuse(section, name, 'must be a JSON object')
  return { path: joinPath(section, name), values, faults: section.faults }
}

/** The same, but a missing object is a fault too. */
export function requiredSubsection(
  section: RequestSection,
  name: string,
  wanted: string,
): RequestSection | undefined {
  if (readMember(section, name) === undefined) return refuse(section, name, `is required: ${wanted}`)
  return subsection(section, name)
}

/** A person reads so many names. The rest are counted. */
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
