import { TOKEN_MASK } from '../domain/source/api-token.ts'

/** AWS quotes what it refuses: an error that travels on, into a log or to a person, must not hold a secret. */
export function maskedError(error: unknown, secrets: readonly string[]): Error {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) }
  const text = secrets.reduce((masked, secret) => masked.replaceAll(secret, TOKEN_MASK), message)
  return Object.assign(new Error(text), { name })
}
