import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, textAnswer } from '../account/events-api/answer.ts'
import { answerControl } from './control.ts'
import { createReceiver, type Receive, type ReceivedRequest, type Receiver } from './receiver.ts'

/** A simulated destination on a port of this machine. */
export interface StandIn extends Receiver {
  /** The origin, without a path. */
  readonly url: string
  readonly port: number
  /** How many connections were made to it. */
  readonly connections: number
  close(): Promise<void>
}

async function readRequest(request: IncomingMessage): Promise<ReceivedRequest> {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
  const [path = ''] = (request.url ?? '').split('?', 1)
  const body = await buffer(request)
  return { method: request.method ?? '', path, headers: Object.fromEntries(headers), body }
}

async function sendAnswer(response: ServerResponse, answer: Answer): Promise<void> {
  if (answer.delayMs) await sleep(answer.delayMs, undefined, { ref: false })
  if (answer.delivery === 'none') return
  if (answer.delivery === 'reset') response.socket?.resetAndDestroy()
  else response.writeHead(answer.status, answer.headers).end(answer.body)
}

/** A client that goes away before it is answered is no error. */
async function handle(request: IncomingMessage, response: ServerResponse, receiver: Receiver): Promise<void> {
  try {
    const read = await readRequest(request)
    const answer = read.path.startsWith('/control') ? answerControl(receiver, read) : receiver.receive(read)
    await sendAnswer(response, answer)
  } catch {
    await sendAnswer(response, textAnswer(400, 'Bad Request'))
  }
}

/** Starts a destination on 127.0.0.1. Port 0 means a free one. Rejects if the port is taken. */
export async function startStandIn(receive: Receive, port = 0): Promise<StandIn> {
  const receiver = createReceiver(receive)
  const server = createServer((request, response) => void handle(request, response, receiver))
  let connections = 0
  server.on('connection', () => connections++)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const listening = (server.address() as AddressInfo).port
  return {
    ...receiver,
    get mode() {
      return receiver.mode
    },
    get connections() {
      return connections
    },
    url: `http://127.0.0.1:${listening}`,
    port: listening,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
