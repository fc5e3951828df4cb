import { createHash } from 'node:crypto'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** Like ABCDE-FGHIJ-KLMNO (reference/sumo-api §4.1): follows from the invocation, so answer and log agree on it. */
export function errorId(requestId: string): string {
  const bytes = createHash('sha256').update(requestId).digest().subarray(0, 15)
  const letters = Array.from(bytes, byte => LETTERS[byte % LETTERS.length]).join('')
  return `${letters.slice(0, 5)}-${letters.slice(5, 10)}-${letters.slice(10)}`
}
