import type { Schema, Shape } from '../../../shared/domain/source/shape.ts'
import {
  type Answers,
  type Content,
  contentFor,
  type DescribedRoute,
  describeAnswers,
  isRead,
} from './answers.ts'

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: true
  readonly description: string
  readonly schema: Schema
}

export interface Operation {
  readonly operationId: string
  readonly tags: readonly [string]
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Answers
}

const NUMBER = { type: 'integer', minimum: 0 }

/** The parameters in the paths by name: description and schema. */
const IN_PATH: Readonly<Record<string, readonly [string, Schema]>> = {
  collectorId: ['The number of the collector.', NUMBER],
  sourceId: ['The number of the source.', NUMBER],
  name: [
    'The name of the collector, percent-encoded; a slash in it may stay as it is. A slash may follow the name.',
    { type: 'string', minLength: 1 },
  ],
  fieldId: ['The id of the field.', { type: 'string', pattern: '^[0-9A-Fa-f]{16}$' }],
}

function describePath(path: string): Parameter[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => {
    const [description = '', schema = {}] = IN_PATH[name] ?? []
    return { name, in: 'path', required: true, description, schema }
  })
}

const describeQuery = (query: Shape): Parameter[] =>
  Object.entries(query).map(([name, { schema: described }]) => {
    const { description, ...schema } = described
    return { name, in: 'query', description: String(description), schema }
  })

const header = (name: string, description: string): Parameter => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
})

const IF_MATCH = {
  required: {
    ...header('If-Match', 'The ETag that the last GET answered.'),
    required: true,
  },
  optional: header('If-Match', 'If given, the entity is deleted only while it has this ETag.'),
} as const

const IF_NONE_MATCH = header(
  'If-None-Match',
  'ETags that the client knows: 304 if the entity still has one of them.',
)

function describeParameters(route: DescribedRoute): Parameter[] {
  const { path, query = {}, ifMatch, tagged } = route
  return [
    ...describePath(path),
    ...describeQuery(query),
    ...(ifMatch ? [IF_MATCH[ifMatch]] : []),
    ...(tagged && isRead(route) ? [IF_NONE_MATCH] : []),
  ]
}

export function describeOperation(operationId: string, tag: string, route: DescribedRoute): Operation {
  const { summary, description, body } = route
  const parameters = describeParameters(route)
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description && { description }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: contentFor(body.schema, body.example) } }),
    responses: describeAnswers(route),
  }
}
