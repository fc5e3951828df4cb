import { RunFailure } from '../../shared/domain/failure.ts'
import { during, type Run } from './run.ts'

/** A header value, so printable ASCII without white space. */
const SENDABLE = /^[\x21-\x7e]+$/

/** The source's token. Throws RunFailure: ThirdPartyConfig if the secret's value cannot be one. */
export async function readToken(run: Run): Promise<string> {
  const token = await during('reading the token', run.ports.tokens.token(run.task.sourceId))
  if (SENDABLE.test(token)) return token
  throw new RunFailure(
    'ThirdPartyConfig',
    401,
    'The secret of this source holds no API token (a text of printable characters without spaces). Update api_token.',
  )
}

/** After a 401: the token as it is now if it has changed since, undefined if it is the refused one. */
export async function tokenAfterRefusal(run: Run, refused: string): Promise<string | undefined> {
  run.ports.tokens.forget(run.task.sourceId)
  const fresh = await readToken(run)
  return fresh === refused ? undefined : fresh
}
