import { API_NAMES, APIS, type Api } from '../../shared/contract/apis.ts'
import type { CollectedAccount } from './registration.ts'

/** A host as the token of a simulated account names it. Only simulated accounts use plain HTTP. */
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\]):\d+$/

type Claims = Readonly<Record<string, unknown>>

/**
 * Reads the claims of a token. Returns no claims if they cannot be read. The token is not verified here: the Events
 * API does that.
 */
function parseClaims(token: string): Claims {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    return typeof claims === 'object' && claims !== null ? { ...claims } : {}
  } catch {
    return {}
  }
}

/** Returns the APIs that the token names, or all three if it names none. */
function findApis(claims: Claims): readonly Api[] {
  const features = [claims['1password.com/fts'] ?? []].flat()
  const named = API_NAMES.filter(api => features.includes(APIS[api].feature))
  return named.length > 0 ? named : API_NAMES
}

function findBaseUrl(claims: Claims, given: string | undefined): string {
  const audience: unknown = [claims['aud'] ?? []].flat()[0]
  if (given) return given
  if (typeof audience === 'string' && audience !== '')
    return LOOPBACK.test(audience) ? `http://${audience}` : audience
  throw new Error(
    'OP_EVENTS_TOKEN does not say which host it is for: set OP_EVENTS_BASE_URL, e.g. https://events.1password.com.',
  )
}

/** Returns the account of OP_EVENTS_TOKEN. Throws if its host is unknown. */
export function toRealAccount(token: string, givenBaseUrl?: string): CollectedAccount {
  const claims = parseClaims(token)
  const baseUrl = findBaseUrl(claims, givenBaseUrl)
  return {
    sourceName: '1Password',
    description: baseUrl,
    baseUrl,
    token,
    apis: findApis(claims),
    close: async () => {},
  }
}
