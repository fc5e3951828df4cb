import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { startLoopback } from '../support/loopback.ts'
import { INTROSPECTION, PAGE_ITEMS, pageBody, pageOfCursor } from './pages.ts'

/*
 * A 1Password account that costs as little as possible, in a process of its own: pages that are made beforehand. It also
 * takes whatever is PUT, as a lake for the bare pipelines. Arguments: how many events each API has, and the milliseconds
 * that a request to an API takes. Prints its address.
 */
const [events = '100000', delayMs = '0'] = process.argv.slice(2)
const pages = Number(events) / PAGE_ITEMS

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request)
  if (request.method === 'PUT') return void response.writeHead(200).end()
  if (Number(delayMs) > 0) await sleep(Number(delayMs))
  response.setHeader('content-type', 'application/json')
  if (request.method === 'GET') return void response.end(INTROSPECTION)
  const { cursor } = JSON.parse(body.toString())
  response.end(pageBody(cursor === undefined ? 0 : pageOfCursor(cursor), pages))
}

const server = await startLoopback((request, response) => {
  answer(request, response).catch(error => response.destroy(error))
})
process.stdout.write(server.url)
