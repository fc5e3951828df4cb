import { createHash, timingSafeEqual } from 'node:crypto'
import { parseJson } from '../failure/parse-json.ts'
import { isJsonObject } from './request-section.ts'

/** The credential of a client of the admin URL. */
export interface AccessKey {
  readonly accessId: string
  readonly accessKey: string
}

/** A key that was replaced and is still valid for a while. */
export interface PreviousAccessKey extends AccessKey {
  /** ISO time. */
  readonly validUntil: string
}

/** What the access-key secret holds. */
export interface AccessKeyRecord extends AccessKey {
  readonly previous?: PreviousAccessKey
}

const isNonEmptyText = (value: unknown): value is string => typeof value === 'string' && value !== ''

function parseKey(value: unknown): AccessKey | undefined {
  if (!isJsonObject(value)) return undefined
  const { accessId, accessKey } = value
  return isNonEmptyText(accessId) && isNonEmptyText(accessKey) ? { accessId, accessKey } : undefined
}

function parsePreviousKey(value: unknown): PreviousAccessKey | undefined {
  const key = parseKey(value)
  if (!key || !isJsonObject(value) || !isNonEmptyText(value['validUntil'])) return undefined
  return { ...key, validUntil: value['validUntil'] }
}

/** Reads the text of the secret. Returns undefined if it holds no key. A previous key that is not complete is ignored. */
export function parseAccessKeyRecord(text: string): AccessKeyRecord | undefined {
  const value = parseJson(text)
  const key = parseKey(value)
  const previous = isJsonObject(value) ? parsePreviousKey(value['previous']) : undefined
  return key && { ...key, ...(previous && { previous }) }
}

/** Tells whether a previous key is still valid. A key with a broken time is not. */
export const isStillValid = ({ validUntil }: PreviousAccessKey, nowMs: number): boolean =>
  nowMs < Date.parse(validUntil)

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Compares digests, and always both halves, so that the time tells neither content nor length. */
function isSame(a: AccessKey, b: AccessKey): boolean {
  const idSame = timingSafeEqual(digest(a.accessId), digest(b.accessId))
  const keySame = timingSafeEqual(digest(a.accessKey), digest(b.accessKey))
  return idSame && keySame
}

/**
 * Tells whether this is the current key, or the previous one while that is valid. Always compares both keys, so that the
 * time does not tell which of them it was.
 */
export function acceptsKey(record: AccessKeyRecord, given: AccessKey, nowMs: number): boolean {
  const { previous } = record
  const isCurrent = isSame(given, record)
  const isPrevious =
    isSame(given, previous ?? record) && previous !== undefined && isStillValid(previous, nowMs)
  return isCurrent || isPrevious
}

/** Returns the record after a rotation: the current key stays valid for `keepMs`, the one before it does not. */
export function rotateAccessKey(
  { accessId, accessKey }: AccessKeyRecord,
  fresh: AccessKey,
  { nowMs, keepMs }: { readonly nowMs: number; readonly keepMs: number },
): AccessKeyRecord {
  if (keepMs === 0) return fresh
  const validUntil = new Date(nowMs + keepMs).toISOString()
  return { ...fresh, previous: { accessId, accessKey, validUntil } }
}
