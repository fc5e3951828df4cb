type Json = unknown
type Test = (value: Json) => boolean
type Matcher = (event: Json) => boolean
type Compile = (argument: Json, path: string) => Test

/** A pattern that is not understood. The emulator does not start with it. */
class UnknownPattern extends Error {
  override readonly name = 'UnknownPattern'
}

const isObject = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const text = (argument: Json, path: string): string => {
  if (typeof argument === 'string') return argument
  throw new UnknownPattern(`${path} wants text, not ${JSON.stringify(argument)}`)
}

const onText =
  (compile: (wanted: string) => (value: string) => boolean): Compile =>
  (argument, path) => {
    const test = compile(text(argument, path))
    return value => typeof value === 'string' && test(value)
  }

const COMPARISONS: Readonly<Record<string, (value: number, wanted: number) => boolean>> = {
  '=': (value, wanted) => value === wanted,
  '<': (value, wanted) => value < wanted,
  '<=': (value, wanted) => value <= wanted,
  '>': (value, wanted) => value > wanted,
  '>=': (value, wanted) => value >= wanted,
}

/** Compiles a list such as `[">", 0, "<=", 5]`. All of its comparisons must hold. */
const numeric: Compile = (argument, path) => {
  const parts = Array.isArray(argument) ? argument : []
  const pairs = parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1]] as const] : []))
  const tests = pairs.map(([sign, wanted]) => {
    const compare = COMPARISONS[String(sign)]
    if (!compare || typeof wanted !== 'number') {
      throw new UnknownPattern(`${path} is no list of comparisons and numbers: ${JSON.stringify(argument)}`)
    }
    return (value: number) => compare(value, wanted)
  })
  return value => tests.length > 0 && typeof value === 'number' && tests.every(test => test(value))
}

const anythingBut: Compile = (argument, path) => {
  const refused = [argument].flat().map(each => compileMember(each, path))
  return value => value !== undefined && !refused.some(test => test(value))
}

const OPERATORS: Readonly<Record<string, Compile>> = {
  prefix: onText(wanted => value => value.startsWith(wanted)),
  suffix: onText(wanted => value => value.endsWith(wanted)),
  'equals-ignore-case': onText(wanted => value => value.toLowerCase() === wanted.toLowerCase()),
  exists: argument => value => (value !== undefined) === (argument === true),
  'anything-but': anythingBut,
  numeric,
}

/** Compiles one member of a pattern's list: a literal, or an object with one operator. */
function compileMember(wanted: Json, path: string): Test {
  if (!isObject(wanted)) return value => value === wanted
  const [[operator, argument] = ['', undefined], ...others] = Object.entries(wanted)
  const compile = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined
  if (!compile || others.length > 0) {
    throw new UnknownPattern(`${path} uses ${JSON.stringify(wanted)}, which the local stage does not know`)
  }
  return compile(argument, `${path}.${operator}`)
}

const compileList = (list: readonly Json[], path: string): Matcher => {
  const tests = list.map(wanted => compileMember(wanted, path))
  // A list in the event matches if any of its members does. An empty list counts as absent.
  return value => {
    const values =
      Array.isArray(value) && value.length > 0 ? value : [Array.isArray(value) ? undefined : value]
    return tests.some(test => values.some(test))
  }
}

function compileObject(pattern: Readonly<Record<string, Json>>, path: string): Matcher {
  const members = Object.entries(pattern).map(([name, wanted]) => {
    const inner = path === '' ? name : `${path}.${name}`
    if (name.startsWith('$'))
      throw new UnknownPattern(`${inner} is an operator the local stage does not know`)
    if (Array.isArray(wanted)) return [name, compileList(wanted, inner)] as const
    if (isObject(wanted)) return [name, compileObject(wanted, inner)] as const
    throw new UnknownPattern(`${inner} is neither a list nor an object: ${JSON.stringify(wanted)}`)
  })
  return event => members.every(([name, fits]) => fits(readMember(event, name)))
}

const readMember = (value: Json, name: string): Json =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined

/** Compiles an EventBridge event pattern to a test of events. Throws UnknownPattern for what is not understood. */
export const compilePattern = (pattern: Readonly<Record<string, Json>>): Matcher => compileObject(pattern, '')
