import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import dynalite from 'dynalite'
import type { EmulatedService } from './service.ts'

const CREATE = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=id/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date': '20260101T000000Z',
  'x-amz-target': 'DynamoDB_20120810.CreateTable',
  'content-type': 'application/x-amz-json-1.0',
}

/** DynamoDB: dynalite itself, in memory, with these tables; requests and answers pass unchanged. */
export async function tablesIn(tables: readonly object[]): Promise<EmulatedService> {
  const server = dynalite({ createTableMs: 0 })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  for (const table of tables) {
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: CREATE,
      body: JSON.stringify(table),
    })
    if (!answer.ok) throw new Error(`dynalite refuses a table: ${await answer.text()}`)
  }
  return {
    async handle(request: IncomingMessage, response: ServerResponse) {
      const { method, url, headers } = request
      const forwarded = httpRequest({ host: '127.0.0.1', port, method, path: url, headers })
      const answered = once(forwarded, 'response')
      await pipeline(request, forwarded)
      const [answer] = (await answered) as [IncomingMessage]
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      await pipeline(answer, response)
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
