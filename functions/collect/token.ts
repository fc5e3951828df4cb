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

interface TokenParts extends Pick<CollectPorts, 'clock' | 'log' | 'tokens'> {
  /** Returns what is wrong with a token, before it takes the place of another one. Throws if that cannot be known. */
  readonly examine: (token: string) => Promise<SuccessorFault | undefined>
}

type Named = Pick<Source, 'id' | 'tokenVersion'>

/** The secret of a token. It remembers what was read from it, because no output may show that. */
function createSecret({ tokens }: TokenParts, { id, tokenVersion }: Named) {
  const read = new Set<string>()

  function parse(stored: string): { readonly token: string | undefined } {
    const token = parseStoredToken(stored)
    read.add(token ?? stored)
    return { token }
  }

  return {
    read,
    readNamed: async () => parse(await during('reading the token', tokens.token(id, tokenVersion))),
    /** Returns undefined if the secret has nothing newer. */
    async readNewer() {
      const stored = await during('reading the token again', tokens.newerToken(id, tokenVersion))
      return stored === undefined ? undefined : parse(stored)
    },
  }
}

/** Looks for newer tokens than the one that a run has. */
function createSuccessorSearch({ clock, log, examine }: TokenParts, secret: ReturnType<typeof createSecret>) {
  let fault: RunToken['successor'] = 'unknown'

  /** Returns a newer token than this one from the secret, if the API takes it. */
  async function find(token: string | undefined, isWanted = (_: string) => true) {
    const newer = await secret.readNewer()
    const isNone = !newer || (newer.token !== undefined && (newer.token === token || !isWanted(newer.token)))
    if (isNone) {
      fault = 'none'
      return undefined
    }
    fault = newer.token === undefined ? 'unusable' : ((await examine(newer.token)) ?? 'none')
    return fault === 'none' ? newer.token : undefined
  }

  /**
   * While a token is about to expire: returns the longer-lived one that a user has put into the secret by hand. If that
   * cannot be read or proved, the run goes on with the token it has.
   */
  async function findBeforeExpiry(token: string): Promise<string | undefined> {
    const expiresMs = tokenExpiryMs(token)
    if (expiresMs === undefined || expiryWarning(expiresMs, clock.now()) === undefined) {
      fault = 'none'
      return undefined
    }
    try {
      return await find(token, newer => lastsLonger(newer, expiresMs))
    } catch (error) {
      fault = 'unknown'
      log.warn('a newer token could not be read or proved, the next run tries again', {
        error: loggableError(error, [...secret.read]),
      })
      return undefined
    }
  }

  return { find, findBeforeExpiry, fault: () => fault }
}

export function createRunToken(parts: TokenParts, named: Named): RunToken {
  const secret = createSecret(parts, named)
  const successors = createSuccessorSearch(parts, secret)
  let value: string | undefined

  return {
    get value() {
      return value
    },
    get secrets() {
      return [...secret.read]
    },
    get successor() {
      return successors.fault()
    },
    async read() {
      if (value !== undefined) return value
      const { token } = await secret.readNamed()
      value =
        (token === undefined ? await successors.find(token) : await successors.findBeforeExpiry(token)) ??
        token
      if (value === undefined) throw createFailure({ kind: 'secret-unusable' })
      return value
    },
    async replaceRefused(refused) {
      parts.tokens.forget(named.id)
      const newer = await successors.find(refused)
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
