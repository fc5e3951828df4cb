import {
  type AccessKey,
  isStillValid,
  type PreviousAccessKey,
} from '../../../shared/domain/source/access-key.ts'
import type { KeyHolder } from './key-holder.ts'

/** Returns the access ids and how long they are valid, and with `reveal` the keys too. */
export async function showKeys(
  { store, location }: KeyHolder,
  { reveal }: { readonly reveal: boolean },
): Promise<string> {
  const { record, nowMs } = await store.read()
  const { previous } = record
  const describe = ({ accessId, accessKey }: AccessKey): string =>
    reveal ? `${accessId}  ${accessKey}` : accessId
  const describeValidity = (old: PreviousAccessKey): string =>
    `${isStillValid(old, nowMs) ? 'valid until' : 'no longer valid since'} ${old.validUntil}`
  const lines = [
    `Current  ${describe(record)}`,
    ...(previous ? [`Old      ${describe(previous)}, ${describeValidity(previous)}`] : []),
    ...(reveal ? [] : [`The key is ${location}.`]),
  ]
  return `${lines.join('\n')}\n`
}
