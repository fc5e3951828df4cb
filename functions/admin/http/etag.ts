import { createHash } from 'node:crypto'
import { isJsonObject } from '../../../shared/domain/source/request-section.ts'

/** A table gives the members of a map back in any order. */
const inOrder = (_key: string, value: unknown): unknown =>
  isJsonObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value

/**
 * Quoted, 32 hex digits (reference/sumo-api §4.2). Give it configuration only: a tag that changed with the state would
 * make every client's update fail.
 */
export function etagOf(configuration: object): string {
  const digest = createHash('sha256').update(JSON.stringify(configuration, inOrder)).digest('hex')
  return `"${digest.slice(0, 32)}"`
}
