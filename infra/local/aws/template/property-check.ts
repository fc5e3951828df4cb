import type { KnownProperties } from './known-properties.ts'
import type { Place, Problems } from './problems.ts'
import { isObject } from './properties.ts'

/** Adds a problem for each property that the table of known ones does not list. */
export function checkProperties(
  properties: unknown,
  known: KnownProperties,
  place: Place,
  problems: Problems,
): void {
  for (const path of leaves(properties, '')) {
    if (!isKnown(path, known)) {
      const full = `${place.path}.${path}`
      problems.add({ ...place, path: full }, 'is a property not known to the local stage')
    }
  }
}

/** Returns the paths of all values that contain no other values, e.g. `Targets[].Arn`. */
function leaves(value: unknown, path: string): string[] {
  if (Array.isArray(value) && value.length > 0) return value.flatMap(item => leaves(item, `${path}[]`))
  if (isObject(value) && (path === '' || Object.keys(value).length > 0)) {
    return Object.entries(value).flatMap(([name, inner]) =>
      leaves(inner, path === '' ? name : `${path}.${name}`),
    )
  }
  return [path]
}

function isKnown(path: string, known: KnownProperties): boolean {
  if (Object.hasOwn(known, path)) return true
  return Object.keys(known).some(pattern => {
    if (!pattern.endsWith('.**')) return false
    const prefix = pattern.slice(0, -3)
    return path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[]`)
  })
}
