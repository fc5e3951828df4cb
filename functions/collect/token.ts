import { createFailure, during } from '../../shared/domain/failure/failure.ts'
import { loggableError } from '../../shared/domain/failure/loggable-error.ts'
import type { Source } from '../../shared/domain/source/source.ts'
import { parseStoredToken } from '../../shared/domain/source/stored-token.ts'
import { expiryWarning, tokenExpiry, tokenExpiryMs } from '../../shared/domain/source/token-expiry.ts'
import { lastsLonger, type SuccessorFault } from '../../shared/domain/source/token-successor.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { TaskChange } from '../../shared/domain/task/task-change.ts'
import type { CollectPorts } from './collect-ports.ts'

/** The token of a run's source. It is read when it is first needed, and then serves the whole run. */
export interface RunToken {
  /** The token in use, or undefined if it was not read yet. */
  readonly value: string | undefined
  /** Every token that this run has read. No output may show one. */
  readonly secrets: readonly string[]
  /** What is wrong with a newer token in the secret. `unknown`: this run could not find out. */
  readonly successor: SuccessorFault | 'none' | 'unknown'
  /** Returns the token. Throws RunFailure: ThirdPartyConfig if the secret's value holds no token. */
  read(): Promise<string>
  /**
   * After a 401: returns the token that a user has put into the secret by hand since, if it is another than the refused
   * one and the API takes it. It serves the rest of the run. Throws if the API does not say whether it takes it.
   */
  replaceRefused(refused: string): Promise<string | undefined>
}

export interface TokenParts extends Pick<CollectPorts, 'clock' | 'log' | 'tokens'> {
  /** Returns what is wrong with a token, before it takes the place of another one. Throws if that cannot be known. */
  readonly examine: (token: string) => Promise<SuccessorFault | undefined>
}

export function createRunToken(
  { clock, log, tokens, examine }: TokenParts,
  { id, tokenVersion }: Pick<Source, 'id' | 'tokenVersion'>,
): RunToken {
  let value: string | undefined
  let successor: RunToken['successor'] = 'unknown'
  const secrets = new Set<string>()

  function parse(stored: string): string | undefined {
    const token = parseStoredToken(stored)
    secrets.add(token ?? stored)
    return token
  }

  /** Returns a newer token than this one from the secret, if the API takes it. */
  async function findSuccessor(token: string | undefined, isWanted = (_: string) => true) {
    const stored = await during('reading the token again', tokens.newerToken(id, tokenVersion))
    const newer = stored === undefined ? undefined : parse(stored)
    const isNone = stored === undefined || (newer !== undefined && (newer === token || !isWanted(newer)))
    if (isNone) {
      successor = 'none'
      return undefined
    }
    successor = newer === undefined ? 'unusable' : ((await examine(newer)) ?? 'none')
    return successor === 'none' ? newer : undefined
  }

  /**
   * While a token is about to expire: returns the longer-lived one that a user has put into the secret by hand. If that
   * cannot be read or proved, the run goes on with the token it has.
   */
  async function findBeforeExpiry(token: string): Promise<string | undefined> {
    const expiresMs = tokenExpiryMs(token)
    if (expiresMs === undefined || expiryWarning(expiresMs, clock.now()) === undefined) {
      successor = 'none'
      return undefined
    }
    try {
      return await findSuccessor(token, newer => lastsLonger(newer, expiresMs))
    } catch (error) {
      successor = 'unknown'
      log.warn('a newer token could not be read or proved, the next run tries again', {
        error: loggableError(error, [...secrets]),
      })
      return undefined
    }
  }

  return {
    get value() {
      return value
    },
    get secrets() {
      return [...secrets]
    },
    get successor() {
      return successor
    },
    async read() {
      if (value !== undefined) return value
      const named = parse(await during('reading the token', tokens.token(id, tokenVersion)))
      value = (named === undefined ? await findSuccessor(named) : await findBeforeExpiry(named)) ?? named
      if (value === undefined) throw createFailure({ kind: 'secret-unusable' })
      return value
    },
    async replaceRefused(refused) {
      tokens.forget(id)
      const newer = await findSuccessor(refused)
      if (newer !== undefined) value = newer
      return newer
    },
  }
}

/** The task shows the expiry of the token that was last read, which a user may have put into the secret by hand. */
export function changeExpiry({ value }: RunToken, task: Task): TaskChange {
  if (value === undefined) return {}
  const tokenExpires = tokenExpiry(value)
  return tokenExpires === task.tokenExpires ? {} : { tokenExpires }
}
