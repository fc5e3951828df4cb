const DAY_MS = 86_400_000

/** Beyond the days in which a task warns of it, and looks for a longer-lived one at every run. */
const EXPIRES_DAYS = 90

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * A token that expires, as those of a careful team do: its tasks keep the day, so their items have what an ordinary
 * healthy one has. Nobody signed it: only the account that is started with it knows it.
 */
export function countedToken(startMs: number): string {
  const exp = Math.floor((startMs + EXPIRES_DAYS * DAY_MS) / 1000)
  return `${part({ alg: 'ES256', typ: 'JWT' })}.${part({ exp })}.unsigned`
}
