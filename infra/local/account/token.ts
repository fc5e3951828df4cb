import type { Feature } from '../../../shared/contract/apis.ts'
import { ISSUED_AT } from './events-api/events-api.ts'
import type { World } from './history/world.ts'
import { randomFrom } from './random.ts'

const encodePart = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * Makes a token of the form that 1Password issues (docs/reference/events-api.md, "Token and introspection"). The same
 * seed and port give the same token. Nobody has signed it: it opens the simulated account only.
 */
export function makeToken(world: World, host: string, features: readonly Feature[]): string {
  const random = randomFrom(world.seed, 'token')
  const header = { alg: 'ES256', typ: 'JWT', kid: random.uuid().toLowerCase() }
  const payload = {
    '1password.com/auuid': world.accountUuid,
    '1password.com/fts': features,
    aud: [host],
    sub: world.integrationUuid,
    iat: Date.parse(ISSUED_AT) / 1000,
    iss: 'com.1password.b5',
    jti: random.uuid().toLowerCase(),
  }
  const signature = Buffer.from(Array.from({ length: 64 }, () => random.integer(256))).toString('base64url')
  return `${encodePart(header)}.${encodePart(payload)}.${signature}`
}
