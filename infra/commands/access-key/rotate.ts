import { newAccessKey } from '../../../shared/adapters/access-key-store.ts'
import {
  type AccessKeyRecord,
  isStillValid,
  rotateAccessKey,
} from '../../../shared/domain/source/access-key.ts'
import type { KeyHolder } from './key-holder.ts'

/** Says what has happened to the keys. The lines hold ids, never a key. */
function describeRotation(before: AccessKeyRecord, after: AccessKeyRecord, nowMs: number): string[] {
  const old = after.previous
    ? `Old access id  ${before.accessId}, valid until ${after.previous.validUntil}`
    : `Old access id  ${before.accessId}, no longer valid (a function may take it for a minute yet)`
  const { previous } = before
  const ended = previous && isStillValid(previous, nowMs) ? [`Ended          ${previous.accessId}`] : []
  return [`New access id  ${after.accessId}`, old, ...ended]
}

/** Replaces the key. The old one stays valid for `keepMs`. Throws if somebody else replaces it at the same time. */
export async function rotateKey(holder: KeyHolder, keepMs: number): Promise<string> {
  const { record, version, nowMs } = await holder.store.read()
  const after = rotateAccessKey(record, newAccessKey(), { nowMs, keepMs })
  if (!(await holder.store.replace(after, version))) {
    throw new Error('Somebody else rotated the key at the same time. Nothing was changed here.')
  }
  holder.saveCopies(after)
  const lines = [...describeRotation(record, after, nowMs), `The new key is ${holder.location}.`]
  return `${lines.join('\n')}\n`
}
