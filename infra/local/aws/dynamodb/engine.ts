import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'

interface EngineAnswer {
  readonly status: number
  readonly body: Buffer
}

/**
 * dynalite on the loopback, with its tables on disk. It checks no signatures and no permissions, because the gateway
 * has done so.
 */
export interface Engine {
  send(operation: string, body: Buffer | string): Promise<EngineAnswer>
  close(): Promise<void>
}

// dynalite checks the form of a signature, but not whether it is true.
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0'

export async function startEngine(folder: string): Promise<Engine> {
  await mkdir(folder, { recursive: true })
  // dynalite loads slowly, and many programs that import this package never start it.
  const { default: dynalite } = await import('dynalite')
  const server = dynalite({ path: folder, createTableMs: 0 })
  // The client closes idle connections. If the server did, it might close one just when a request is sent.
  server.keepAliveTimeout = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    async send(operation, body) {
      const answer = await fetch(url, {
        method: 'POST',
        headers: createHeaders(operation),
        body: new Uint8Array(Buffer.from(body)),
      })
      return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) }
    },
    async close() {
      const closed = promisify(server.close.bind(server))()
      server.closeIdleConnections()
      await closed
    },
  }
}

const createHeaders = (operation: string): Record<string, string> => ({
  authorization: AUTHORIZATION,
  'x-amz-date': '20200101T000000Z',
  'x-amz-target': `DynamoDB_20120810.${operation}`,
  'content-type': 'application/x-amz-json-1.0',
})
