import type { Readable } from 'node:stream'

/** Receives at most so many bytes. Returns more than that if there are more, and then leaves the rest. */
export function receive(stream: Readable, limit: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Uint8Array[] = []
  let size = 0
  stream.on('data', (chunk: Uint8Array) => {
    chunks.push(chunk)
    size += chunk.length
    if (size <= limit) return
    resolve(Buffer.concat(chunks, size))
    stream.destroy()
  })
  stream.on('end', () => resolve(Buffer.concat(chunks, size)))
  stream.on('error', reject)
  return promise
}
