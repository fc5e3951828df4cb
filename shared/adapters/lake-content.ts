import { gunzipSync, gzipSync } from 'node:zlib'
import { OBJECT_ENDING } from '../contract/lake-layout.ts'

/*
 * What an object of the lake holds. The ending of its key says whether it is compressed: objects of earlier deployments
 * are not.
 */

/**
 * Level 3 needs as much CPU as level 1 and leaves less. Level 4 needs half as much again for 3 % less
 * (docs/decisions/compressed-lake.md).
 */
const GZIP = { level: 3 } as const

const isCompressed = (key: string): boolean => key.endsWith(OBJECT_ENDING)

export const contentType = (key: string): string =>
  isCompressed(key) ? 'application/gzip' : 'application/x-ndjson'

/** Returns what to put under a key. */
export const toContent = (key: string, body: Uint8Array): Uint8Array =>
  isCompressed(key) ? gzipSync(body, GZIP) : body

/** Returns the lines of an object. What somebody else has put in its place holds none. */
export function readLines(key: string, content: Uint8Array): readonly string[] {
  try {
    const text = Buffer.from(isCompressed(key) ? gunzipSync(content) : content).toString('utf8')
    return text.split('\n').filter(line => line !== '')
  } catch {
    return []
  }
}
