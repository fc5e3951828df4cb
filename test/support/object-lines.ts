import { gunzipSync } from 'node:zlib'

/** The content of a file or object, without the compression that its name tells. */
export const decompressed = (name: string, content: Buffer): Buffer =>
  name.endsWith('.gz') ? gunzipSync(content) : content

/** The lines of an object of the lake, by its key or file. */
export const objectLines = (name: string, content: Buffer): string[] =>
  decompressed(name, content)
    .toString('utf8')
    .split('\n')
    .filter(line => line !== '')
