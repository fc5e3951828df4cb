import { failureBy } from '../../shared/domain/failure/failure.ts'
import { expiryWarning, tokenExpiryMs } from '../../shared/domain/source/token-expiry.ts'
import { during, type Run } from './run.ts'

/** A header value, so printable ASCII without white space. */
const SENDABLE = /^[\x21-\x7e]+$/

function checked(token: string): string {
  if (SENDABLE.test(token)) return token
  throw failureBy({ kind: 'secret-unusable' })
}

function lastsLonger(token: string, expiresMs: number): boolean {
  return SENDABLE.test(token) && (tokenExpiryMs(token) ?? Number.POSITIVE_INFINITY) > expiresMs
}

/**
 * While a token's expiry is warned of: the longer-lived one that a user has put into the secret by hand since. Not being
 * able to look is no failure, the token at hand may serve still.
 */
async function successorOf({ ports, registered }: Run, token: string): Promise<string | undefined> {
  const expiresMs = tokenExpiryMs(token)
  if (expiresMs === undefined || expiryWarning(expiresMs, ports.clock.now()) === undefined) return undefined
  const { id, tokenVersion } = registered.source
  try {
    const newer = await ports.tokens.newerToken(id, tokenVersion)
    return newer !== undefined && lastsLonger(newer, expiresMs) ? newer : undefined
  } catch (error) {
    ports.log.warn('the next token is looked for by the next run', { reason: String(error) })
    return undefined
  }
}

/** The source's token. Throws RunFailure: ThirdPartyConfig if the secret's value cannot be one. */
export async function readToken(run: Run): Promise<string> {
  const { id, tokenVersion } = run.registered.source
  if (run.token !== undefined) return run.token
  const token = checked(await during('reading the token', run.ports.tokens.token(id, tokenVersion)))
  run.token = (await successorOf(run, token)) ?? token
  return run.token
}

/**
 * After a 401: the token that a user has put into the secret by hand since, if it is another than the refused one. It
 * serves the rest of the run.
 */
export async function tokenAfterRefusal(run: Run, refused: string): Promise<string | undefined> {
  const { id, tokenVersion } = run.registered.source
  run.ports.tokens.forget(id)
  const newer = await during('reading the token again', run.ports.tokens.newerToken(id, tokenVersion))
  if (newer === undefined || newer === refused) return undefined
  run.token = checked(newer)
  return run.token
}
