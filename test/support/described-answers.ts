import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { Answer } from '../../functions/admin/openapi/answers.ts'
import { createDocument, type Method } from '../../functions/admin/openapi/document.ts'
import type { Operation } from '../../functions/admin/openapi/operation.ts'
import { ROUTE_GROUPS } from '../../functions/admin/router.ts'

export const DESCRIPTION = createDocument('basic', ROUTE_GROUPS)

/** The parts of a request and of its answer that the OpenAPI document describes. */
export interface Exchange {
  readonly method: string
  /** With prefix and query. */
  readonly path: string
  /** The request's body, if it is JSON. */
  readonly sent?: unknown
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  /** The body of the answer, unparsed. */
  readonly text: string
}

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true })
formats.default(ajv)
ajv.addVocabulary(['example'])

/** Changes the references so that they work outside of the document. */
const withLocalReferences = (schema: object, base: string): object =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', `"${base}#/$defs/`))

ajv.addSchema({ $id: 'description', ...withLocalReferences({ $defs: DESCRIPTION.components.schemas }, '') })

const compiled = new Map<string, ValidateFunction>()

function validator(schema: object): ValidateFunction {
  const key = JSON.stringify(schema)
  const known = compiled.get(key)
  if (known) return known
  const made = ajv.compile(withLocalReferences(schema, 'description'))
  compiled.set(key, made)
  return made
}

function schemaFaults(what: string, schema: object, value: unknown): string[] {
  const validate = validator(schema)
  if (validate(value)) return []
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${what}${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}

const PREFIXED = /^(?:\/api)?\/v1(\/[^?]*?)\/?(?:\?|$)/
const UNPREFIXED = /^(\/openapi\.json)\/?(?:\?|$)/

/** Removes the prefix, the query and a slash at the end. Returns an empty text for a path without a known prefix. */
const bare = (path: string): string => (PREFIXED.exec(path) ?? UNPREFIXED.exec(path))?.[1] ?? ''

const isParameter = (part: string): boolean => part.startsWith('{')

/** OpenAPI has no way to say that a parameter may hold slashes which are not encoded. */
const SLASHED = '/collectors/name/{name}'

function fits(template: string, path: string): boolean {
  if (template === SLASHED && /^\/collectors\/name\/(?:$|.*\/)/.test(path)) return true
  const [wanted, given] = [template.split('/'), path.split('/')]
  return (
    wanted.length === given.length &&
    wanted.every((part, at) => (isParameter(part) ? given[at] !== '' : part === given[at]))
  )
}

const parameters = (template: string): number => template.split('/').filter(isParameter).length

/** Returns the described paths that match, those with the fewest parameters first, as the OpenAPI standard says. */
const findTemplates = (path: string): string[] =>
  Object.keys(DESCRIPTION.paths)
    .filter(template => fits(template, bare(path)))
    .sort((a, b) => parameters(a) - parameters(b))

export interface Described {
  readonly template: string
  readonly operation: Operation
}

/** Returns the operation of a call, if one is described. Methods must be in capitals: `get` is not `GET`. */
export function described({ method, path }: Pick<Exchange, 'method' | 'path'>): Described | undefined {
  if (method !== method.toUpperCase()) return undefined
  for (const template of findTemplates(path)) {
    const operation = DESCRIPTION.paths[template]?.[method.toLowerCase() as Method]
    if (operation) return { template, operation }
  }
  return undefined
}

const resolved = (answer: Operation['responses'][number]): Answer | undefined =>
  '$ref' in answer
    ? DESCRIPTION.components.responses[answer.$ref.replace('#/components/responses/', '')]
    : answer

const errorSchema = (path: string): object => ({
  $ref: `#/components/schemas/${/^\/(?:fields|healthEvents)(?:\/|$)/.test(bare(path)) ? 'ErrorList' : 'Error'}`,
})

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function headerFaults({ headers: wanted = {} }: Answer, { headers }: Exchange): string[] {
  return Object.entries(wanted).flatMap(([name, header]) => {
    const { schema } = header as { readonly schema: object }
    return schemaFaults(`header ${name}`, schema, headers[name.toLowerCase()])
  })
}

function bodyFaults(schema: object | undefined, { method, text }: Exchange): string[] {
  if (!schema || method === 'HEAD') return text === '' ? [] : ['there is a body where none is described']
  return schemaFaults('body', schema, parsed(text))
}

/** A request that succeeds must match its described schema. */
function requestFaults({ requestBody }: Operation, { sent, status }: Exchange): string[] {
  if (!requestBody || status >= 300) return []
  return schemaFaults('request', requestBody.content['application/json'].schema, sent)
}

/** Checks the refusal of a call that is not described: 405 if its path is described, else 404. */
function refusalFaults(exchange: Exchange): string[] {
  const { path, status } = exchange
  const wanted = findTemplates(path).length > 0 ? 405 : 404
  const faults = [401, 429, wanted].includes(status) ? [] : [`status is not ${wanted}`]
  return [...faults, ...bodyFaults(errorSchema(path), exchange)]
}

/** Returns a sentence for everything in an answer that does not match the description. */
export function findFaults(exchange: Exchange): string[] {
  const operation = described(exchange)?.operation
  if (!operation) return refusalFaults(exchange)
  const entry = operation.responses[exchange.status]
  const answer = entry && resolved(entry)
  if (!answer) return ['status is not described']
  return [
    ...headerFaults(answer, exchange),
    ...bodyFaults(answer.content?.['application/json'].schema, exchange),
    ...requestFaults(operation, exchange),
  ]
}

/** Throws if the answer does not match the description. */
export function expectDescribed(exchange: Exchange): void {
  const faults = findFaults(exchange)
  if (faults.length === 0) return
  const { method, path, status, text } = exchange
  const answer = `${method} ${path} → ${status} ${text}`
  throw new Error(`The answer is not as /openapi.json describes it:\n${faults.join('\n')}\n${answer}`)
}
