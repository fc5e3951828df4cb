import type { Schema, Typed } from '../../../shared/domain/source/shape.ts'

type Members = Readonly<Record<string, unknown>>

/** An object in an answer. The description and the answer itself follow from its rows. */
export interface View<Subject> {
  readonly schema: Typed<object> & {
    readonly properties: Readonly<Record<string, Schema>>
    readonly required: readonly string[]
  }
  readonly present: (subject: Subject) => Members
}

/** What a member shows: a value, or an object that has a view of its own. */
type Shown<Value> = Typed<Value> | View<Value>

type Bare<Name> = Name extends `${infer Start}?` ? Start : Name

/** The member has the same name in what is shown. */
type Same<Subject, Name> =
  Bare<Name> extends keyof Subject ? Shown<Exclude<Subject[Bare<Name>], undefined>> : never

type Read<Subject, Name, Value> = readonly [
  shown: Shown<Value>,
  read: (subject: Subject) => NoInfer<Value> | (Name extends `${string}?` ? undefined : never),
]

/**
 * One member of an answer, declared once: its schema or view and, unless it has the same name in what is shown, how its
 * value is read. A member whose name ends in ? is left out when its value is undefined.
 */
type Rows<Subject, Values> = {
  readonly [Name in keyof Values]: Read<Subject, Name, Values[Name]> | Same<Subject, Name>
}

/** An object with these members and no others. A member whose name ends in ? may be missing. */
export const objectSchema = (members: Readonly<Record<string, Schema>>): View<never>['schema'] => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(members).map(([name, schema]) => [name.replace('?', ''), schema]),
  ),
  required: Object.keys(members).filter(name => !name.endsWith('?')),
  additionalProperties: false,
})

type AnyShown = Schema | View<unknown>
type AnyRow = AnyShown | readonly [AnyShown, (subject: unknown) => unknown]

const isView = (shown: AnyShown): shown is View<unknown> => typeof shown['present'] === 'function'

function toMember(name: string, row: AnyRow) {
  const bare = name.replace('?', '')
  const readSame = (subject: unknown) => (subject as Members)[bare]
  const [shown, read] = Array.isArray(row) ? (row as Exclude<AnyRow, AnyShown>) : [row as AnyShown, readSame]
  if (!isView(shown)) return { name, bare, schema: shown, read }
  const present = (value: unknown) => value && shown.present(value)
  return { name, bare, schema: shown.schema, read: (subject: unknown) => present(read(subject)) }
}

/** Call it as view<Subject>()(rows): TypeScript then infers the values of the rows. The rows keep their order. */
export const view =
  <Subject>() =>
  <Values>(rows: Rows<Subject, Values>): View<Subject> => {
    const members = Object.entries<unknown>(rows).map(([name, row]) => toMember(name, row as AnyRow))
    return {
      schema: objectSchema(Object.fromEntries(members.map(({ name, schema }) => [name, schema]))),
      present: subject => {
        const values = members.map(({ bare, read }) => [bare, read(subject)] as const)
        return Object.fromEntries(values.filter(([, value]) => value !== undefined))
      },
    }
  }

/** The same view without some members. */
export function without<Subject>({ schema, present }: View<Subject>, ...names: string[]): View<Subject> {
  const keep = <Value>(members: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
    Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)))
  const { properties, required, ...rest } = schema
  const kept = required.filter(name => !names.includes(name))
  return {
    schema: { ...rest, properties: keep(properties), required: kept },
    present: subject => keep(present(subject)),
  }
}
