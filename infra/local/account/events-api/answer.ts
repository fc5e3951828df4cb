import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** How an answer leaves the machine, if not as it should. */
export type Delivery = 'whole' | 'none' | 'reset' | 'cut'

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
  readonly delivery?: Delivery
  /** Real milliseconds until it is sent. */
  readonly delayMs?: number
}

const JSON_TYPE = 'application/json'

export const jsonAnswer = (status: number, value: unknown): Answer => ({
  status,
  headers: { 'content-type': JSON_TYPE },
  body: JSON.stringify(value),
})

/** The wire shape of an error (reference §7). */
export const errorAnswer = (status: number, message: string): Answer =>
  jsonAnswer(status, { Error: { Message: message } })

export const textAnswer = (status: number, text: string): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: text,
})

export const BAD_REQUEST = errorAnswer(400, 'Bad Request')
export const UNAUTHORIZED = errorAnswer(401, 'Unauthorized')
export const NOT_FOUND = textAnswer(404, '404 page not found')
export const TOO_MANY_REQUESTS = errorAnswer(429, 'Too Many Requests')

/** What a client saw: 0 if it saw no status. */
export const statusSeen = ({ status, delivery }: Answer): number =>
  delivery === 'none' || delivery === 'reset' ? 0 : status

function sendCut(response: ServerResponse, { status, headers }: Answer, bytes: Buffer): void {
  response.writeHead(status, { ...headers, 'content-length': bytes.length + 1 })
  response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => response.destroy())
}

/** Sends the answer, or fails to in the way that it says. */
export async function send(response: ServerResponse, answer: Answer, signal: AbortSignal): Promise<void> {
  if (answer.delayMs) await sleep(answer.delayMs, undefined, { signal, ref: false })
  const bytes = Buffer.from(answer.body)
  if (answer.delivery === 'none') return
  if (answer.delivery === 'reset') response.socket?.resetAndDestroy()
  else if (answer.delivery === 'cut') sendCut(response, answer, bytes)
  else response.writeHead(answer.status, { ...answer.headers, 'content-length': bytes.length }).end(bytes)
}
