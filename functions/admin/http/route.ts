import type { Shape } from '../../../shared/domain/source/shape.ts'
import type { AdminPorts } from '../admin-ports.ts'
import type { SchemaName } from '../openapi/schemas.ts'
import type { AdminHandler } from './message.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

interface Success {
  readonly status: 200 | 201 | 204
  /** @default - the summary of the call */
  readonly description?: string
  /** Left out: the answer has no body. */
  readonly schema?: SchemaName
  /** The answer carries one entity and its tag. */
  readonly tagged?: true
}

/** One call of the API, declared once: the router and the OpenAPI document follow from it. */
export interface Route {
  /** Method and path, without the prefix of the version. */
  readonly call: `${Method} /${string}`
  readonly handler: (ports: AdminPorts) => AdminHandler
  readonly summary: string
  readonly description?: string
  readonly query?: Shape
  readonly ifMatch?: 'required' | 'optional'
  readonly body?: { readonly schema: SchemaName; readonly example: unknown }
  readonly success: Success
  /** Refusals that do not follow from the members above. */
  readonly refusals?: readonly (400 | 409)[]
  /** The call also works without the prefix of the version. */
  readonly unprefixed?: true
}

export interface RouteGroup {
  readonly name: string
  readonly description: string
  /** By operation id. */
  readonly routes: Readonly<Record<string, Route>>
}
