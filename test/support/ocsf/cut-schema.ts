import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import {
  CUT_EVENTS,
  CUT_OBJECTS,
  type CutAttribute,
  type CutShape,
  type CutType,
  type SchemaCut,
} from './schema-cut.ts'

/*
 * Makes schema-<version>.json from a checkout of github.com/ocsf/ocsf-schema:
 * `npx node test/support/ocsf/cut-schema.ts FOLDER`, then `npx biome check --write test/support/ocsf`.
 */

type Json = Record<string, unknown>

const NOTICE =
  'Cut from the Open Cybersecurity Schema Framework, Copyright (c) OCSF a Series of LF Projects, LLC, Apache-2.0 (see NOTICE). Changed: descriptions, references and what the tests do not need are left out.'

const asJson = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})

const pick = (from: Json, names: readonly string[]): Json =>
  Object.fromEntries(names.filter(name => name in from).map(name => [name, from[name]]))

const mapValues = <T>(values: Json, change: (value: Json) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(asJson(value))]))

function cutAttribute(attribute: Json): CutAttribute {
  const kept = pick(attribute, [
    'requirement',
    'type',
    'is_array',
    'sibling',
    'observable',
    'caption',
    'profile',
  ])
  const values = attribute['enum']
  const deprecated = attribute['@deprecated']
  return {
    ...kept,
    ...(values !== undefined && { enum: mapValues(asJson(values), ({ caption }) => String(caption)) }),
    ...(deprecated !== undefined && { deprecated: String(asJson(deprecated)['since']) }),
  }
}

function cutShape(shape: Json): CutShape {
  const { $include: include, ...attributes } = asJson(shape['attributes'])
  return {
    ...pick(shape, ['uid', 'category', 'extends', 'observable', 'profiles', 'constraints']),
    caption: String(shape['caption']),
    ...(Array.isArray(include) && { include: include.map(file => path.basename(String(file), '.json')) }),
    attributes: mapValues(attributes, cutAttribute),
  }
}

/** The classes of findings are kept in a file of their own. */
function readFindings(): CutShape[] {
  const file = path.join(import.meta.dirname, 'finding-classes.json')
  return Object.values(asJson(JSON.parse(readFileSync(file, 'utf8'))['events'])) as CutShape[]
}

function cutSchema(folder: string): SchemaCut {
  const read = (file: string): Json =>
    asJson(JSON.parse(readFileSync(path.join(folder, `${file}.json`), 'utf8')))
  const shapes = (at: string, names: readonly string[]): Record<string, CutShape> =>
    Object.fromEntries(names.map(name => [path.basename(name), cutShape(read(`${at}/${name}`))]))
  const objects = shapes('objects', CUT_OBJECTS)
  const events = shapes('events', CUT_EVENTS)
  const all = [...Object.values(objects), ...Object.values(events)]
  const profiles = shapes('profiles', [...new Set(all.flatMap(({ include = [] }) => include))].sort())
  const users = [...all, ...Object.values(profiles), ...readFindings()]
  const used = new Set(users.flatMap(({ attributes }) => Object.keys(attributes)))
  const dictionary = read('dictionary')
  const typeParts = ['caption', 'type', 'regex', 'max_len', 'range', 'observable']
  return {
    version: String(read('version')['version']),
    notice: NOTICE,
    categories: mapValues(asJson(read('categories')['attributes']), category =>
      pick(category, ['uid', 'caption']),
    ) as SchemaCut['categories'],
    types: mapValues(asJson(asJson(dictionary['types'])['attributes']), type =>
      pick(type, typeParts),
    ) as Record<string, never> as Record<string, CutType>,
    dictionary: Object.fromEntries(
      Object.entries(mapValues(asJson(dictionary['attributes']), cutAttribute)).filter(([name]) =>
        used.has(name),
      ),
    ),
    profiles,
    objects,
    events,
  }
}

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('name the folder of the schema')
const cut = cutSchema(folder)
writeFileSync(path.join(import.meta.dirname, `schema-${cut.version}.json`), JSON.stringify(cut))
