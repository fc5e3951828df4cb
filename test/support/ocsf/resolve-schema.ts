import type { CutAttribute, CutShape, SchemaCut } from './schema-cut.ts'

/** A class or an object with all that it inherits and includes. */
export interface ResolvedShape {
  readonly caption: string
  readonly category?: string
  readonly observable?: number
  readonly profiles: readonly string[]
  readonly constraints: Readonly<Record<string, readonly string[]>>
  readonly attributes: Readonly<Record<string, CutAttribute>>
}

type Attributes = Record<string, CutAttribute>

function mergeAttribute(base: CutAttribute | undefined, own: CutAttribute): CutAttribute {
  const values = { ...base?.enum, ...own.enum }
  return { ...base, ...own, ...(Object.keys(values).length > 0 && { enum: values }) }
}

function mergeAttributes(base: Attributes, own: Readonly<Attributes>): Attributes {
  const merged = { ...base }
  for (const [name, attribute] of Object.entries(own)) merged[name] = mergeAttribute(merged[name], attribute)
  return merged
}

/** A profile's attributes belong to it wherever they are included, unless the class makes them its own. */
function includedAttributes({ profiles }: SchemaCut, names: readonly string[]): Attributes {
  const included = names.flatMap(profile =>
    Object.entries(profiles[profile]?.attributes ?? {}).map(
      ([name, attribute]) => [name, { ...attribute, profile }] as const,
    ),
  )
  return Object.fromEntries(included)
}

function findShape(schema: SchemaCut, name: string): CutShape {
  const shape = schema.events[name] ?? schema.objects[name]
  if (!shape) throw new Error(`${name} is not in the cut of OCSF ${schema.version}`)
  return shape
}

/** Puts together what a class or an object inherits, includes and says itself. */
function inherit(schema: SchemaCut, name: string): ResolvedShape {
  const shape = findShape(schema, name)
  const base = shape.extends === undefined ? undefined : inherit(schema, shape.extends)
  const included = mergeAttributes(base?.attributes ?? {}, includedAttributes(schema, shape.include ?? []))
  return {
    ...base,
    ...shape,
    profiles: [...new Set([...(base?.profiles ?? []), ...(shape.profiles ?? [])])],
    constraints: shape.constraints ?? base?.constraints ?? {},
    attributes: mergeAttributes(included, shape.attributes),
  }
}

const numbered = (observable: number | undefined, caption: string): Record<string, string> =>
  observable === undefined ? {} : { [observable]: caption }

/** Returns what can be observed: values of a type, values of an attribute, objects, and attributes of one object. */
function observableCaptions({ types, dictionary, objects }: SchemaCut): Record<string, string> {
  const ofObjects = Object.values(objects).flatMap(({ observable, caption, attributes }) => [
    numbered(observable, caption),
    ...Object.entries(attributes).map(([name, each]) =>
      numbered(each.observable, `${caption} Object: ${name}`),
    ),
  ])
  const ofOthers = [...Object.values(types), ...Object.values(dictionary)].map(
    ({ observable, caption = '' }) => numbered(observable, caption),
  )
  return Object.assign({}, ...ofOthers, ...ofObjects)
}

/** The enums that OCSF's own compiler fills in. */
function computedEnums(schema: SchemaCut, name: string, { category = '' }: ResolvedShape): Attributes {
  if (name === 'observable') return { type_id: { enum: observableCaptions(schema) } }
  const uid = schema.events[name]?.uid
  const group = schema.categories[category]
  if (uid === undefined || !group) return {}
  return {
    class_uid: { enum: { [group.uid * 1000 + uid]: findShape(schema, name).caption } },
    category_uid: { enum: { [group.uid]: group.caption } },
  }
}

function computeShape(schema: SchemaCut, name: string): ResolvedShape {
  const shape = inherit(schema, name)
  const computed = computedEnums(schema, name, shape)
  const attributes = Object.entries(shape.attributes).map(([attribute, own]) => {
    const merged = mergeAttribute(schema.dictionary[attribute], own)
    const values = computed[attribute]?.enum
    const kept = name === 'observable' ? merged.enum : {}
    return [attribute, values ? { ...merged, enum: { ...kept, ...values } } : merged] as const
  })
  return { ...shape, attributes: Object.fromEntries(attributes) }
}

const resolved = new WeakMap<SchemaCut, Map<string, ResolvedShape>>()

/** Resolves a class or an object by its name in the schema. The dictionary's part of each attribute is in it. */
export function resolveShape(schema: SchemaCut, name: string): ResolvedShape {
  const known = resolved.get(schema) ?? new Map<string, ResolvedShape>()
  resolved.set(schema, known)
  const shape = known.get(name) ?? computeShape(schema, name)
  known.set(name, shape)
  return shape
}

/** Returns an attribute's values with their captions. Throws if the schema has no such enum. */
export function enumCaptions(
  schema: SchemaCut,
  shape: string,
  attribute: string,
): Readonly<Record<string, string>> {
  const values = resolveShape(schema, shape).attributes[attribute]?.enum
  if (!values) throw new Error(`${shape}.${attribute} has no enum`)
  return values
}

interface ClassOfSchema extends ResolvedShape {
  readonly name: string
  readonly classUid: number
  readonly categoryUid: number
  readonly categoryName: string
}

/** Returns the classes that events can have, by `class_uid`. */
export function resolveClasses(schema: SchemaCut): ReadonlyMap<number, ClassOfSchema> {
  const classes = Object.entries(schema.events).flatMap(([name, { uid }]) => {
    if (uid === undefined) return []
    const shape = resolveShape(schema, name)
    const category = schema.categories[shape.category ?? '']
    if (!category) throw new Error(`${name} has no category`)
    const classUid = category.uid * 1000 + uid
    return [
      [classUid, { ...shape, name, classUid, categoryUid: category.uid, categoryName: category.caption }],
    ] as const
  })
  return new Map(classes)
}
