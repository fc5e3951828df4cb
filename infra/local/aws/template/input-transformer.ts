import type { InputTransformer } from './model.ts'
import type { Place, Problems } from './problems.ts'
import { isObject, toText, valueAt } from './properties.ts'

const isText = (template: string): boolean => {
  try {
    return typeof JSON.parse(template) === 'string'
  } catch {
    return false
  }
}

function findFault(template: string, paths: Readonly<Record<string, unknown>>): string | undefined {
  if (!isText(template)) return 'is not one JSON text, the only form that the local stage understands'
  const used = new Set(Array.from(template.matchAll(/<([^<>]+)>/g), ([, name = '']) => name))
  const unknown = [...used].find(name => typeof paths[name] !== 'string')
  if (unknown !== undefined) return `uses <${unknown}>, for which InputPathsMap has no path`
  const bad = Object.values(paths).find(path => !/^\$(?:\.[\w-]+)*$/.test(String(path)))
  return bad === undefined ? undefined : `has the path ${bad}, which is not a plain one`
}

/** Reads a target's input transformer. Returns undefined if it has none. */
export function readTransformer(
  target: unknown,
  place: Place,
  problems: Problems,
): InputTransformer | undefined {
  const template = toText(valueAt(target, 'InputTransformer.InputTemplate'))
  if (template === undefined) return undefined
  const given = valueAt(target, 'InputTransformer.InputPathsMap')
  const paths = isObject(given) ? given : {}
  const fault = findFault(template, paths)
  if (fault !== undefined) problems.add(place, fault)
  return { template, paths: paths as Readonly<Record<string, string>> }
}
