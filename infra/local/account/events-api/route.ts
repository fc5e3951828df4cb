import type { Feature } from '../../../../shared/contract/apis.ts'
import type { Version } from './event-stream.ts'
import { FEATURES } from './switchboard.ts'

export type Route =
  | { readonly kind: 'introspect'; readonly version: Version }
  | { readonly kind: 'page'; readonly version: Version; readonly feature: Feature }

const VERSIONS: readonly Version[] = [1, 2]

/** The v1 path of introspection has no version in it (reference §2). */
const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['GET /api/auth/introspect', { kind: 'introspect', version: 1 }],
  ['GET /api/v2/auth/introspect', { kind: 'introspect', version: 2 }],
  ...VERSIONS.flatMap(version =>
    FEATURES.map((feature): [string, Route] => [
      `POST /api/v${version}/${feature}`,
      { kind: 'page', version, feature },
    ]),
  ),
])

export const routeOf = (method: string, path: string): Route | undefined => ROUTES.get(`${method} ${path}`)
