const DAY_MS = 24 * 3_600_000

/** RFC 3339 has four digits for the year. */
const LAST_MS = Date.UTC(9999, 11, 31)

function parseClaims(token: string): unknown {
  const [, payload, signature, ...more] = token.split('.')
  if (payload === undefined || signature === undefined || more.length > 0) return undefined
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

/**
 * When a token expires, in epoch milliseconds; undefined if it is no JWT (RFC 7519) or has no `exp`. Its signature is
 * 1Password's to check: this is for showing, never for deciding.
 */
export function tokenExpiryMs(token: string): number | undefined {
  const exp = (parseClaims(token) as { readonly exp?: unknown } | null | undefined)?.exp
  if (typeof exp !== 'number' || !(exp > 0)) return undefined
  const expiresMs = Math.floor(exp * 1000)
  return expiresMs <= LAST_MS ? expiresMs : undefined
}

/** The same as a task keeps it: RFC 3339. */
export function tokenExpiry(token: string): string | undefined {
  const expiresMs = tokenExpiryMs(token)
  return expiresMs === undefined ? undefined : new Date(expiresMs).toISOString()
}

/** Within how many days a user is warned, the nearest first. */
const BOUNDARIES = [
  [3, 'days3'],
  [14, 'days14'],
] as const

export type ExpiryWarning = 'days14' | 'days3' | 'expired'

/** What is to be said of a token that expires at a time, both in epoch milliseconds. Each boundary belongs to its warning. */
export function expiryWarning(expiresMs: number, nowMs: number): ExpiryWarning | undefined {
  if (expiresMs <= nowMs) return 'expired'
  return BOUNDARIES.find(([days]) => expiresMs - nowMs <= days * DAY_MS)?.[1]
}
