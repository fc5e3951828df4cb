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
 * Returns when a token expires, in epoch milliseconds. Returns undefined if it is no JWT (RFC 7519) or has no `exp`.
 * Nobody checks the signature here, so use the time to inform people and never to decide.
 */
export function tokenExpiryMs(token: string): number | undefined {
  const exp = (parseClaims(token) as { readonly exp?: unknown } | null | undefined)?.exp
  if (typeof exp !== 'number' || !(exp > 0)) return undefined
  const expiresMs = Math.floor(exp * 1000)
  return expiresMs <= LAST_MS ? expiresMs : undefined
}

/** The same time as a task stores it: RFC 3339. */
export function tokenExpiry(token: string): string | undefined {
  const expiresMs = tokenExpiryMs(token)
  return expiresMs === undefined ? undefined : new Date(expiresMs).toISOString()
}

/** So many days before the expiry the user is warned. The nearest comes first. */
const BOUNDARIES = [
  [3, 'days3'],
  [14, 'days14'],
] as const

export type ExpiryWarning = 'days14' | 'days3' | 'expired'

/**
 * Returns the warning that is due for a token. Both times are epoch milliseconds. A boundary itself belongs to its
 * warning.
 */
export function expiryWarning(expiresMs: number, nowMs: number): ExpiryWarning | undefined {
  if (expiresMs <= nowMs) return 'expired'
  return BOUNDARIES.find(([days]) => expiresMs - nowMs <= days * DAY_MS)?.[1]
}
