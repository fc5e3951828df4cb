import { inside, type Place, type Problems } from './problems.ts'

/** Finds what references name. Returns undefined for what does not exist. */
export interface Scope {
  ref(name: string): unknown
  attribute(logicalId: string, attribute: string): unknown
}

interface Resolution {
  readonly scope: Scope
  readonly problems: Problems
}

const NO_VALUE = 'AWS::NoValue'

/** Replaces every intrinsic function by its result. Adds a problem for each one that cannot be resolved. */
export function resolve(value: unknown, place: Place, resolution: Resolution): unknown {
  if (typeof value === 'string') return checkLiteral(value, place, resolution)
  if (Array.isArray(value)) {
    return value
      .map((item, index) => resolve(item, inside(place, index), resolution))
      .filter(item => item !== undefined)
  }
  if (typeof value !== 'object' || value === null) return value
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value)
  if (others.length === 0 && isIntrinsic(name))
    return resolveIntrinsic(name, argument, inside(place, name), resolution)
  const members = Object.entries(value)
    .map(([member, inner]) => [member, resolve(inner, inside(place, member), resolution)] as const)
    .filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(members)
}

const isIntrinsic = (name: string): boolean => name === 'Ref' || name.startsWith('Fn::')

function checkLiteral(text: string, place: Place, { problems }: Resolution): string {
  if (text.includes('{{resolve:'))
    problems.add(place, 'dynamic references are not resolved by the local stage')
  return text
}

function resolveIntrinsic(name: string, argument: unknown, place: Place, resolution: Resolution): unknown {
  switch (name) {
    case 'Ref':
      return resolveReference(String(argument), place, resolution)
    case 'Fn::GetAtt':
      return resolveAttribute(argument, place, resolution)
    case 'Fn::Sub':
      return resolveSubstitution(argument, place, resolution)
    case 'Fn::Join': {
      const [separator, items] = resolveArguments(argument, place, resolution)
      return asList(items).map(String).join(String(separator))
    }
    case 'Fn::Split': {
      const [separator, text] = resolveArguments(argument, place, resolution)
      return String(text).split(String(separator))
    }
    case 'Fn::Select':
      return resolveSelection(argument, place, resolution)
    default:
      resolution.problems.add(place, 'is an intrinsic function not known to the local stage')
      return undefined
  }
}

function resolveReference(name: string, place: Place, { scope, problems }: Resolution): unknown {
  if (name === NO_VALUE) return undefined
  const value = scope.ref(name)
  if (value === undefined) problems.add(place, `refers to ${name}, which is not known to the local stage`)
  return value
}

function resolveAttribute(argument: unknown, place: Place, { scope, problems }: Resolution): unknown {
  const [logicalId = '', ...path] =
    typeof argument === 'string' ? argument.split('.') : asList(argument).map(String)
  const name = path.join('.')
  const value = scope.attribute(logicalId, name)
  if (value === undefined)
    problems.add(place, `refers to ${logicalId}.${name}, which is not known to the local stage`)
  return value
}

function resolveSubstitution(argument: unknown, place: Place, resolution: Resolution): string {
  const [template, own] = Array.isArray(argument) ? argument : [argument, {}]
  const variables = resolve(own, place, resolution) as Readonly<Record<string, unknown>>
  return String(template).replace(/\$\{([^}]*)\}/g, (whole, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`
    if (Object.hasOwn(variables, name)) return String(variables[name])
    const value = name.includes('.')
      ? resolveAttribute(name, place, resolution)
      : resolveReference(name, place, resolution)
    return value === undefined ? whole : String(value)
  })
}

function resolveSelection(argument: unknown, place: Place, resolution: Resolution): unknown {
  const [index, items] = resolveArguments(argument, place, resolution)
  const value = asList(items)[Number(index)]
  if (value === undefined) resolution.problems.add(place, `selects item ${index}, which is not there`)
  return value
}

const resolveArguments = (argument: unknown, place: Place, resolution: Resolution): readonly unknown[] =>
  asList(resolve(argument, place, resolution))

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
