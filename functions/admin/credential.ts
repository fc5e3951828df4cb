import { createHash, timingSafeEqual } from 'node:crypto'
import type { AccessKey } from '../../shared/ports.ts'
import type { AdminPorts } from './admin-ports.ts'

/** A rotated key that is used already is found by its mismatch, below; this bounds how long the old one still works. */
const KEPT_MS = 5 * 60_000

/** Wrong credentials make us read the secret no more often than this. */
const READ_AGAIN_MS = 5_000

const BASIC = /^Basic ([A-Za-z0-9+/]+={0,2})$/i

/** Access id and key of an Authorization header; undefined if it is not a Basic one. */
export function basicCredential(header: string | undefined): AccessKey | undefined {
  const [, encoded] = BASIC.exec(header?.trim() ?? '') ?? []
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { accessId: text.slice(0, colon), accessKey: text.slice(colon + 1) }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Of digests, so that the time tells neither content nor length; both halves are always compared. */
function same(a: AccessKey, b: AccessKey): boolean {
  const idSame = timingSafeEqual(digest(a.accessId), digest(b.accessId))
  const keySame = timingSafeEqual(digest(a.accessKey), digest(b.accessKey))
  return idSame && keySame
}

/** Tells whether a credential is the access key's. The key is kept for minutes; a mismatch reads it again. */
export function credentialCheck({
  accessKeys,
  clock,
}: Pick<AdminPorts, 'accessKeys' | 'clock'>): (given: AccessKey) => Promise<boolean> {
  let kept: AccessKey | undefined
  let readMs = Number.NEGATIVE_INFINITY

  async function read(): Promise<AccessKey> {
    readMs = clock.now()
    kept = undefined
    kept = await accessKeys.current()
    return kept
  }

  return async given => {
    const ageMs = clock.now() - readMs
    const current = kept && ageMs < KEPT_MS ? kept : await read()
    if (same(given, current)) return true
    return ageMs >= READ_AGAIN_MS && ageMs < KEPT_MS && same(given, await read())
  }
}
