import type { Schema, Typed } from '../../../shared/domain/source/shape.ts'

type Read<Subject, Name, Value> = readonly [
  schema: Typed<Value>,
  read: (subject: Subject) => NoInfer<Value> | (Name extends `${string}?` ? undefined : never),
]

type Bare<Name> = Name extends `${infer Start}?` ? Start : Name

/** The member has the same name in what is shown. */
type Same<Subject, Name> =
  Bare<Name> extends keyof Subject ? Typed<Exclude<Subject[Bare<Name>], undefined>> : never

/**
 * One member of an answer, declared once: its schema and, unless it has the same name in what is shown, how its value is
 * read. A member whose name ends in ? is left out when its value is undefined.
 */
type Rows<Subject, Values> = {
  readonly [Name in keyof Values]: Read<Subject, Name, Values[Name]> | Same<Subject, Name>
}

type Members<Value = unknown> = Readonly<Record<string, Value>>

/** An object in an answer. The description and the answer itself follow from its rows. */
export interface View<Subject> {
  readonly schema: Typed<object> & {
    readonly properties: Members<Schema>
    readonly required: readonly string[]
  }
  readonly present: (subject: Subject) => Members
}

/** An object with these members and no others. A member whose name ends in ? may be missing. */
export const objectSchema = (members: Members<Schema>): View<never>['schema'] => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(members).map(([name, schema]) => [name.replace('?', ''), schema]),
  ),
  required: Object.keys(members).filter(name => !name.endsWith('?')),
  additionalProperties: false,
})

type AnyRow = Schema | readonly [Schema, (subject: never) => unknown]

const isRead = (row: AnyRow): row is readonly [Schema, (subject: never) => unknown] => Array.isArray(row)

function toMember<Subject>(name: string, row: AnyRow) {
  const bare = name.replace('?', '')
  const readSame = (subject: Subject) => (subject as Members)[bare]
  const [schema, read] = isRead(row) ? row : [row, readSame]
  return { name, bare, schema, read: read as (subject: Subject) => unknown }
}

/** Call it as view<Subject>()(rows): TypeScript then infers the values of the rows. The rows keep their order. */
export const view =
  <Subject>() =>
  <Values>(rows: Rows<Subject, Values>): View<Subject> => {
    const members = Object.entries<AnyRow>(rows).map(([name, row]) => toMember<Subject>(name, row))
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
  const keep = <Value>(members: Members<Value>): Members<Value> =>
    Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)))
  const { properties, required, ...rest } = schema
  return {
    schema: {
      ...rest,
      properties: keep(properties),
      required: required.filter(name => !names.includes(name)),
    },
    present: subject => keep(present(subject)),
  }
}
