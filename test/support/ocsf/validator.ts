import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { compileClass, type Sibling } from './compile-schema.ts'
import { findEventFaults } from './event-faults.ts'
import { resolveClasses } from './resolve-schema.ts'
import type { SchemaCut } from './schema-cut.ts'

/** Returns a sentence for each violation of OCSF in an event. */
export type Validator = (event: unknown) => string[]

type Json = Record<string, unknown>

const readCut = (name: string): Json =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, `${name}.json`), 'utf8'))

/** The cut of the schema that events are mapped to, and the classes of findings. */
export const OCSF_1_8: SchemaCut = (() => {
  const cut = readCut('schema-1.8.0') as unknown as SchemaCut
  const findings = readCut('finding-classes') as unknown as Pick<SchemaCut, 'events'>
  return { ...cut, events: { ...cut.events, ...findings.events } }
})()

const isSiblingRight = (object: Json, id: string, { text, captions }: Sibling): boolean => {
  const value = String(object[id])
  const caption = object[text]
  if (value === '99') return typeof caption === 'string' && caption !== '' && caption !== captions['99']
  return caption === undefined || caption === captions[value]
}

const findWrongSibling = (siblings: Record<string, Sibling>, object: Json): string | undefined =>
  Object.entries(siblings).find(([id, sibling]) =>
    id in object ? !isSiblingRight(object, id, sibling) : sibling.text in object,
  )?.[0]

const countOf = (names: readonly string[], object: Json): number =>
  names.filter(name => name in object).length

function createAjv(): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: true,
    strictTypes: false,
    unicodeRegExp: false,
  })
  ajv.addKeyword({ keyword: 'deprecated-since', validate: () => false })
  ajv.addKeyword({ keyword: 'cut-off', validate: () => false })
  ajv.addKeyword({
    keyword: 'at-least-one',
    validate: (names: readonly string[], object: Json) => countOf(names, object) > 0,
  })
  ajv.addKeyword({
    keyword: 'just-one',
    validate: (names: readonly string[], object: Json) => countOf(names, object) === 1,
  })
  ajv.addKeyword({
    keyword: 'siblings',
    validate: (siblings: Record<string, Sibling>, object: Json) =>
      findWrongSibling(siblings, object) === undefined,
  })
  return ajv
}

const MEANINGS: Readonly<Record<string, (error: ErrorObject) => string>> = {
  additionalProperties: ({ params }) => `has the unknown attribute ${params['additionalProperty']}`,
  required: ({ params }) => `has no ${params['missingProperty']}`,
  enum: () => 'is not in the enum',
  type: ({ params }) => `is not of the type ${params['type']}`,
  'deprecated-since': ({ schema }) => `is deprecated since ${schema}`,
  'cut-off': ({ schema }) => `is an object that the cut does not have: ${schema}`,
  'at-least-one': ({ schema }) => `needs at least one of ${schema}`,
  'just-one': ({ schema }) => `needs just one of ${schema}`,
  siblings: ({ schema, data }) =>
    `has a wrong text beside ${findWrongSibling(schema as Record<string, Sibling>, data as Json)}`,
}

const describe = (error: ErrorObject): string =>
  `${error.instancePath.slice(1).replaceAll('/', '.') || 'event'} ${MEANINGS[error.keyword]?.(error) ?? error.message}`

const readProfiles = (event: Json): string[] => {
  const profiles = (event['metadata'] as Json | undefined)?.['profiles']
  return Array.isArray(profiles) ? profiles.map(String).sort() : []
}

/** Compiles a validator from a cut of the schema. It takes warnings of OCSF's own validator as violations, too. */
export function compileValidator(schema: SchemaCut): Validator {
  const classes = resolveClasses(schema)
  const compiled = new Map<string, ValidateFunction>()
  const validatorFor = (name: string, profiles: readonly string[]): ValidateFunction => {
    const key = [name, ...profiles].join()
    const validate = compiled.get(key) ?? createAjv().compile(compileClass(schema, name, profiles))
    compiled.set(key, validate)
    return validate
  }
  return given => {
    // As a reader gets it: without undefined members.
    const event: Json = JSON.parse(JSON.stringify(given))
    const eventClass = classes.get(Number(event['class_uid']))
    if (!eventClass) return [`class_uid ${event['class_uid']} is no class of the cut`]
    const profiles = readProfiles(event)
    const unknown = profiles.filter(profile => !eventClass.profiles.includes(profile))
    const validate = validatorFor(eventClass.name, profiles)
    validate(event)
    return [
      ...unknown.map(profile => `metadata.profiles has ${profile}, which is no profile of the class`),
      ...(validate.errors ?? []).map(describe),
      ...findEventFaults(schema, eventClass, event),
    ]
  }
}
