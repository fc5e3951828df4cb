import {
  type FieldFault,
  type JsonObject,
  type RequestSection,
  readMember,
  refuse,
  refuseUnknown,
  requiredSubsection,
  subsection,
} from './request-section.ts'

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 has it. */
export type Schema = Readonly<Record<string, unknown>>

declare const VALUE: unique symbol

/** A schema that also tells TypeScript what it describes. */
export type Typed<Value> = Schema & { readonly [VALUE]?: Value }

/** What it means that a request leaves a member out, or sends null: a fault, no value, or a value of ours. */
export type Absence = 'refused' | 'unset' | 'default'

/**
 * One member of a request's object, declared once. The check, the TypeScript type and the OpenAPI document follow from
 * it. The context is what a check must know beside the request, e.g. the stored source.
 */
export interface Member<Value, When extends Absence = Absence, Context = unknown> {
  readonly absence: When
  readonly schema: Typed<Value>
  /** Returns the value to use. Reports faults to the section; the value is then of no use. */
  readonly check: (section: RequestSection, name: string, context: Context) => Value | undefined
}

/** The members of an object by name, in the order in which their faults are reported. */
export type Shape = Readonly<Record<string, Member<unknown, Absence, never>>>

/** What all members together must know. */
type ContextFor<S extends Shape> =
  S[keyof S] extends Member<unknown, Absence, infer Context> ? Context : never

type Value<M> = M extends { readonly check: (...given: never) => infer V } ? Exclude<V, undefined> : never

type UnsetNames<S extends Shape> = {
  [Name in keyof S]: S[Name]['absence'] extends 'unset' ? Name : never
}[keyof S]

/** What a request without fault holds. */
export type Values<S extends Shape> = {
  readonly [Name in Exclude<keyof S, UnsetNames<S>>]: Value<S[Name]>
} & { readonly [Name in UnsetNames<S>]?: Value<S[Name]> }

export type Checked<Valid> =
  | { readonly faults: readonly FieldFault[]; readonly values?: never }
  | { readonly faults?: never; readonly values: Valid }

/** Checks all members, so that one answer can name all faults. The values count only if there is no fault. */
export function checkMembers<S extends Shape>(
  section: RequestSection,
  shape: S,
  context: ContextFor<S>,
): Values<S> {
  const values = Object.entries(shape).map(
    ([name, { check }]) => [name, check(section, name, context as never)] as const,
  )
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as Values<S>
}

/** Returns the values of a whole request, or all its faults. Members that the shape does not have are ignored. */
export function checkShape<S extends Shape>(
  given: JsonObject,
  shape: S,
  context: ContextFor<S>,
): Checked<Values<S>> {
  const section: RequestSection = { path: '', values: given, faults: [] }
  const values = checkMembers(section, shape, context)
  return section.faults.length > 0 ? { faults: section.faults } : { values }
}

/** A client may send null for what it leaves out. */
const orNull = (schema: Schema): Schema =>
  typeof schema['type'] === 'string' && schema['type'] !== 'null'
    ? { ...schema, type: [schema['type'], 'null'] }
    : schema

/** The schema of an object with these members. */
export const shapeSchema = (shape: Shape): Schema => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(shape).map(([name, { absence, schema }]) => [
      name,
      absence === 'refused' ? schema : orNull(schema),
    ]),
  ),
  required: Object.keys(shape).filter(name => shape[name]?.absence === 'refused'),
})

/** The same member, or view, with another description. */
export const described = <M extends { readonly schema: Schema }>(declared: M, description: string): M => ({
  ...declared,
  schema: { ...declared.schema, description },
})

/** How one value is read, and described. */
export interface Rule<Value> {
  readonly schema: Typed<Value>
  /** Returns undefined for a value that is refused. */
  readonly read: (given: unknown) => Value | undefined
  /** What is wanted, for the fault of a value that is refused. */
  readonly wanted: string
}

/** A member that must be there and follows one rule. */
export const required = <Value>({ schema, read, wanted }: Rule<Value>): Member<Value, 'refused'> => ({
  absence: 'refused',
  schema,
  check: (section, name) => read(readMember(section, name)) ?? refuse(section, name, wanted),
})

/** A member that follows one rule if it is there. */
export const optional = <Value>({ schema, read, wanted }: Rule<Value>): Member<Value, 'unset'> => ({
  absence: 'unset',
  schema,
  check: (section, name) => {
    const given = readMember(section, name)
    return given === undefined ? undefined : (read(given) ?? refuse(section, name, wanted))
  },
})

/** A member that has this value if it is left out. */
export const withDefault = <Value>(value: Value, rule: Rule<Value>): Member<Value, 'default'> => ({
  absence: 'default',
  schema: { ...rule.schema, default: value },
  check: (section, name) => {
    const given = readMember(section, name)
    return given === undefined ? value : (rule.read(given) ?? refuse(section, name, rule.wanted))
  },
})

interface ObjectRules {
  /** What is wanted, for the fault of a member that is missing. Without it the member may be left out. */
  readonly wanted?: string
  /** All names that are known, as the fault of another one lists them. Without it other members are ignored. */
  readonly closed?: readonly string[]
}

/** An object within the request. */
export function object<S extends Shape, const Rules extends ObjectRules>(
  shape: S,
  { wanted, closed }: Rules,
): Member<Values<S>, Rules extends { readonly wanted: string } ? 'refused' : 'unset', ContextFor<S>> {
  const absence = wanted === undefined ? 'unset' : 'refused'
  return {
    absence: absence as Rules extends { readonly wanted: string } ? 'refused' : 'unset',
    schema: { ...shapeSchema(shape), ...(closed && { additionalProperties: false }) },
    check: (section, name, context) => {
      const inner =
        wanted === undefined ? subsection(section, name) : requiredSubsection(section, name, wanted)
      if (!inner) return undefined
      if (closed) refuseUnknown(inner, closed)
      return checkMembers(inner, shape, context)
    },
  }
}
