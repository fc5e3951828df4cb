import { createServer, request as forward, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

type ProxyPhase = 'before' | 'after'

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/**
 * Starts a proxy that forwards requests to the account. It calls `around` before it forwards a request, and again
 * before it passes the answer back.
 */
export async function forwardingProxy(
  target: string,
  around: (id: number, path: string, phase: ProxyPhase) => Promise<void>,
) {
  let requests = 0
  const server = createServer((incoming, outgoing) => {
    const id = ++requests
    const pass = async (): Promise<void> => {
      const path = incoming.url ?? '/'
      await around(id, path, 'before')
      const body = await readBody(incoming)
      const { host: _host, ...headers } = incoming.headers
      const answer = forward(new URL(path, target), { method: incoming.method, headers }, async received => {
        const content = await readBody(received)
        await around(id, path, 'after')
        outgoing.writeHead(received.statusCode ?? 502, {
          'content-type': received.headers['content-type'] ?? 'text/plain',
        })
        outgoing.end(content)
      })
      answer.on('error', () => outgoing.destroy())
      answer.end(body)
    }
    pass().catch(() => outgoing.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
