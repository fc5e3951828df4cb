import type { Schema, Shape } from '../../../shared/domain/source/shape.ts'
import type { Route } from '../http/route.ts'
import { contentFor, describeAnswers, isRead } from './answers.ts'

const NUMBER = { type: 'integer', minimum: 0 }

/** The parameters in the paths by name. */
const IN_PATH: Readonly<Record<string, { readonly description: string; readonly schema: Schema }>> = {
  collectorId: { description: 'The number of the collector.', schema: NUMBER },
  sourceId: { description: 'The number of the source.', schema: NUMBER },
  name: {
    description:
      'The name of the collector, percent-encoded; a slash in it may stay as it is. A slash may follow the name.',
    schema: { type: 'string', minLength: 1 },
  },
  fieldId: { description: 'The id of the field.', schema: { type: 'string', pattern: '^[0-9A-Fa-f]{16}$' } },
}

const describePath = (path: string) =>
  Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => ({
    ...{ name, in: 'path', required: true },
    ...IN_PATH[name],
  }))

const describeQuery = (query: Shape) =>
  Object.entries(query).map(([name, { schema: described }]) => {
    const { description, ...schema } = described
    return { name, in: 'query', description: String(description), schema }
  })

const header = (name: string, description: string) => ({
  ...{ name, in: 'header', description },
  schema: { type: 'string' },
})

const IF_MATCH = {
  required: { ...header('If-Match', 'The ETag that the last GET answered.'), required: true },
  optional: header('If-Match', 'If given, the entity is deleted only while it has this ETag.'),
}

const IF_NONE_MATCH = header(
  'If-None-Match',
  'ETags that the client knows: 304 if the entity still has one of them.',
)

function describeParameters(route: Route) {
  const { path, query = {}, ifMatch, tagged } = route
  return [
    ...describePath(path),
    ...describeQuery(query),
    ...(ifMatch ? [IF_MATCH[ifMatch]] : []),
    ...(tagged && isRead(route) ? [IF_NONE_MATCH] : []),
  ]
}

export function describeOperation(operationId: string, tag: string, route: Route) {
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

export type Operation = ReturnType<typeof describeOperation>
