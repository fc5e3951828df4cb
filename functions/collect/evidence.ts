import { during } from '../../shared/domain/failure/failure.ts'
import { maskText } from '../../shared/domain/failure/masking.ts'
import { unreadableKey } from '../../shared/domain/stream/object-key.ts'
import { listSecrets } from './log-failure.ts'
import { hasRules, type Run } from './run.ts'

const NEW_LINE = Uint8Array.of(0x0a)

/** How much is searched for the token at a time. A token that two parts share is found in both by its pieces. */
const PART_BYTES = 16 * 1024

/** Some proxies answer with the request that they were sent. All other bytes stay as received. */
function withoutToken(bytes: Uint8Array, secrets: readonly string[]): Uint8Array {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; at += PART_BYTES) {
    const text = Buffer.from(bytes.subarray(at, at + PART_BYTES)).toString('latin1')
    parts.push(Buffer.from(maskText(text, secrets), 'latin1'))
  }
  return Buffer.concat(parts)
}

/**
 * Keeps what cannot be read of a page as evidence, piece by piece. `key` is that of the page's object. Returns where the
 * evidence lies. Processing rules can be applied to events only. So a source that has any keeps no evidence: what its rules
 * mask or drop must not lie in the lake beside the events. Then this returns undefined.
 */
export async function keepEvidence(
  run: Run,
  key: string,
  pieces: readonly Uint8Array[],
): Promise<string | undefined> {
  if (hasRules(run)) return undefined
  const body = Buffer.concat(pieces.flatMap(piece => [withoutToken(piece, listSecrets(run)), NEW_LINE]))
  const at = unreadableKey(key, body)
  await during('keeping what could not be read', run.ports.lake.setAside(at, body))
  return at
}
