import { type Attributes, compileRow } from './build-row.ts'
import type { JsonObject, Place } from './members.ts'
import type { Part } from './rows.ts'

/** Adds an object to an OCSF event. Notes which members of the source's event are in it as they were. */
export type BuildPart = (event: JsonObject, ocsf: Attributes, copied: Place[]) => void

/** Finds an object in another one. Creates it if it is not there. */
function enter(ocsf: Attributes, names: readonly string[]): Attributes {
  let object = ocsf
  for (const name of names) {
    object[name] ??= {}
    object = object[name] as Attributes
  }
  return object
}

function put(ocsf: Attributes, path: readonly string[], built: Attributes): void {
  Object.assign(enter(ocsf, path), built)
}

function append(ocsf: Attributes, [name = '']: readonly string[], built: Attributes): void {
  ocsf[name] ??= []
  ;(ocsf[name] as Attributes[]).push(built)
}

function peek(ocsf: Attributes, path: readonly string[]): Attributes | undefined {
  let object: Attributes | undefined = ocsf
  for (const name of path) object = object?.[name] as Attributes | undefined
  return object
}

/** Whether the object has one of the attributes that it needs, now or from an earlier part. */
const isWhole = (needs: readonly string[], built: Attributes, earlier: Attributes | undefined): boolean =>
  needs.some(name => built[name] !== undefined || earlier?.[name] !== undefined)

/** Compiles a part. An object that lacks what it needs is left out, and nothing of it counts as copied. */
export function compilePart({ at, rows, needs, otherwise }: Part): BuildPart {
  const isElement = at.endsWith('[]')
  const path = at
    .replace('[]', '')
    .split('.')
    .filter(name => name !== '')
  const build = rows.map(compileRow)
  const place = isElement ? append : put
  return (event, ocsf, copied) => {
    const built: Attributes = {}
    const members: Place[] = []
    for (const buildRow of build) buildRow(event, built, members)
    if (needs && !isWhole(needs, built, isElement ? undefined : peek(ocsf, path))) {
      if (!otherwise) return
      Object.assign(built, otherwise)
    }
    if (Object.keys(built).length === 0) return
    place(ocsf, path, built)
    copied.push(...members)
  }
}
