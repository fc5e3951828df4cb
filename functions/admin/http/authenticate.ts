import type { MiddlewareObj } from '@middy/core'
import { type AccessKey, type AccessKeyRecord, acceptsKey } from '../../../shared/domain/source/access-key.ts'
import type { AdminPorts } from '../admin-ports.ts'
import { unauthorized } from './api-error.ts'
import type { AdminRequest } from './message.ts'

/** How long the key is kept in memory, so how long an old key still works after a rotation. A new key works at once. */
const KEPT_MS = 60_000

/** Wrong credentials cause a read of the secret at most this often, also if the read fails. */
const READ_AGAIN_MS = 5_000

const BASIC = /^Basic ([A-Za-z0-9+/]+={0,2})$/i

/** Returns the access id and key of a Basic Authorization header, or undefined. */
export function parseBasicCredential(header: string | undefined): AccessKey | undefined {
  const [, encoded] = BASIC.exec(header?.trim() ?? '') ?? []
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { accessId: text.slice(0, colon), accessKey: text.slice(colon + 1) }
}

interface KeptKey {
  readonly record: AccessKeyRecord
  /** When the record was read. A read that fails does not change it, so an outage never lengthens the life of a key. */
  readonly readMs: number
}

/**
 * Returns a function that tells whether a credential is the access key, or the previous key while that is valid. The key
 * is kept for a minute. A mismatch reads it again: it may be a new key. If that read fails, the kept key stays in use,
 * so a stranger cannot lock others out while the secret cannot be read.
 */
function createCredentialCheck({ accessKeys, clock }: AdminPorts) {
  let kept: KeptKey | undefined
  let triedMs = Number.NEGATIVE_INFINITY

  async function read(): Promise<AccessKeyRecord> {
    const readMs = clock.now()
    triedMs = readMs
    const record = await accessKeys.current()
    kept = { record, readMs }
    return record
  }

  return async (given: AccessKey): Promise<boolean> => {
    const nowMs = clock.now()
    if (!kept || nowMs - kept.readMs >= KEPT_MS) return acceptsKey(await read(), given, nowMs)
    if (acceptsKey(kept.record, given, nowMs)) return true
    return nowMs - triedMs >= READ_AGAIN_MS && acceptsKey(await read(), given, nowMs)
  }
}

/**
 * Requires HTTP Basic on every path of the API, also on unknown ones, so that a stranger learns nothing about them. The answer
 * has no WWW-Authenticate header: every client sends its credential unasked, and a browser would show its own prompt.
 */
export function authenticate(ports: AdminPorts): MiddlewareObj<AdminRequest> {
  const isCurrent = createCredentialCheck(ports)
  return {
    before: async ({ event }) => {
      const given = parseBasicCredential(event.headers['authorization'])
      if (given && (await isCurrent(given))) return
      const { method, path, sourceIp } = event.requestContext.http
      ports.log.warn('admin call refused', { method, path, sourceIp, metrics: { refusedCalls: 1 } })
      throw unauthorized()
    },
  }
}
