import { createFailure, during } from '../../shared/domain/failure/failure.ts'
import { loggableError } from '../../shared/domain/failure/loggable-error.ts'
import type { Source } from '../../shared/domain/source/source.ts'
import { expiryWarning, tokenExpiry, tokenExpiryMs } from '../../shared/domain/source/token-expiry.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { TaskChange } from '../../shared/domain/task/task-change.ts'
import type { CollectPorts } from './collect-ports.ts'

/** The token of a run's source. It is read when it is first needed, and then serves the whole run. */
export interface RunToken {
  /** The token in use, or undefined if it was not read yet. */
  readonly value: string | undefined
  /** Returns the token. Throws RunFailure: ThirdPartyConfig if the secret's value cannot be a token. */
  read(): Promise<string>
  /**
   * After a 401: returns the token that a user has put into the secret by hand since, if it is another than the refused
   * one. It serves the rest of the run.
   */
  replaceRefused(refused: string): Promise<string | undefined>
}

/** A header value, so printable ASCII without white space. */
const SENDABLE = /^[\x21-\x7e]+$/

function requireSendable(token: string): string {
  if (SENDABLE.test(token)) return token
  throw createFailure({ kind: 'secret-unusable' })
}

function lastsLonger(token: string, expiresMs: number): boolean {
  return SENDABLE.test(token) && (tokenExpiryMs(token) ?? Number.POSITIVE_INFINITY) > expiresMs
}

export function createRunToken(
  { clock, log, tokens }: Pick<CollectPorts, 'clock' | 'log' | 'tokens'>,
  { id, tokenVersion }: Pick<Source, 'id' | 'tokenVersion'>,
): RunToken {
  let value: string | undefined

  /**
   * While a token is about to expire: returns the longer-lived one that a user has put into the secret by hand. If that
   * cannot be read, the run goes on with the token it has.
   */
  async function findSuccessor(token: string): Promise<string | undefined> {
    const expiresMs = tokenExpiryMs(token)
    if (expiresMs === undefined || expiryWarning(expiresMs, clock.now()) === undefined) return undefined
    try {
      const newer = await tokens.newerToken(id, tokenVersion)
      return newer !== undefined && lastsLonger(newer, expiresMs) ? newer : undefined
    } catch (error) {
      log.warn('a newer token could not be read, the next run tries again', {
        error: loggableError(error, [token]),
      })
      return undefined
    }
  }

  return {
    get value() {
      return value
    },
    async read() {
      if (value !== undefined) return value
      const token = requireSendable(await during('reading the token', tokens.token(id, tokenVersion)))
      value = (await findSuccessor(token)) ?? token
      return value
    },
    async replaceRefused(refused) {
      tokens.forget(id)
      const newer = await during('reading the token again', tokens.newerToken(id, tokenVersion))
      if (newer === undefined || newer === refused) return undefined
      value = requireSendable(newer)
      return value
    },
  }
}

/** The task shows the expiry of the token that was last read, which a user may have put into the secret by hand. */
export function changeExpiry({ value }: RunToken, task: Task): TaskChange {
  if (value === undefined) return {}
  const tokenExpires = tokenExpiry(value)
  return tokenExpires === task.tokenExpires ? {} : { tokenExpires }
}
