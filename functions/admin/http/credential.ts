import { createHash, timingSafeEqual } from 'node:crypto'
import { type AccessKey, type AccessKeyRecord, stillValid } from '../../../shared/domain/source/access-key.ts'
import type { AdminPorts } from '../admin-ports.ts'

/** A rotated key that is used already is found by its mismatch, below; this bounds how long the old one still works. */
const KEPT_MS = 60_000

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

/** Both keys are always compared, so that the time does not tell which of them it was. */
function accepts(record: AccessKeyRecord, given: AccessKey, nowMs: number): boolean {
  const { previous } = record
  const isCurrent = same(given, record)
  const isPrevious = same(given, previous ?? record) && previous !== undefined && stillValid(previous, nowMs)
  return isCurrent || isPrevious
}

/** Tells whether a credential is the access key's, or the previous one's while that counts. The key is kept for minutes; a mismatch reads it again. */
export function credentialCheck({
  accessKeys,
  clock,
}: Pick<AdminPorts, 'accessKeys' | 'clock'>): (given: AccessKey) => Promise<boolean> {
  let kept: AccessKeyRecord | undefined
  let readMs = Number.NEGATIVE_INFINITY

  async function read(): Promise<AccessKeyRecord> {
    readMs = clock.now()
    kept = undefined
    kept = await accessKeys.current()
    return kept
  }

  return async given => {
    const nowMs = clock.now()
    const ageMs = nowMs - readMs
    const record = kept && ageMs < KEPT_MS ? kept : await read()
    if (accepts(record, given, nowMs)) return true
    return ageMs >= READ_AGAIN_MS && ageMs < KEPT_MS && accepts(await read(), given, nowMs)
  }
}
