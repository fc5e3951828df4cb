import { failureBy } from '../../shared/domain/failure.ts'
import { during, type Run } from './run.ts'

/** A header value, so printable ASCII without white space. */
const SENDABLE = /^[\x21-\x7e]+$/

function checked(token: string): string {
  if (SENDABLE.test(token)) return token
  throw failureBy({ kind: 'secret-unusable' })
}

/** The source's token. Throws RunFailure: ThirdPartyConfig if the secret's value cannot be one. */
export async function readToken(run: Run): Promise<string> {
  const { id, tokenVersion } = run.registered.source
  run.token ??= checked(await during('reading the token', run.ports.tokens.token(id, tokenVersion)))
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
