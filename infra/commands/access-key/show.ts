import {
  type AccessKey,
  type PreviousAccessKey,
  stillValid,
} from '../../../shared/domain/source/access-key.ts'
import type { KeyHolder } from './key-holder.ts'

/** Ids and validity; the keys only if they are to be revealed. */
export async function show({ store, whereabouts }: KeyHolder, reveal: boolean): Promise<string> {
  const { record, nowMs } = await store.read()
  const { previous } = record
  const named = ({ accessId, accessKey }: AccessKey): string =>
    reveal ? `${accessId}  ${accessKey}` : accessId
  const validity = (old: PreviousAccessKey): string =>
    `${stillValid(old, nowMs) ? 'valid until' : 'no longer valid since'} ${old.validUntil}`
  const lines = [
    `Current  ${named(record)}`,
    ...(previous ? [`Old      ${named(previous)}, ${validity(previous)}`] : []),
    ...(reveal ? [] : [`The key is ${whereabouts}.`]),
  ]
  return `${lines.join('\n')}\n`
}
