/** What happens to an answer on its way. The transport carries it out: the HTTP server, or the simulation. */
export type Delivery = 'whole' | 'none' | 'reset' | 'cut'

export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  /** @default 'whole' */
  readonly delivery?: Delivery
  /** Real milliseconds until it is sent. */
  readonly delayMs?: number
}

const answerWith =
  (contentType: string) =>
  (status: number, body: string): Answer => ({ status, headers: { 'content-type': contentType }, body })

/** Takes a text that is JSON already. */
export const jsonTextAnswer = answerWith('application/json')
export const textAnswer = answerWith('text/plain; charset=utf-8')
export const htmlAnswer = answerWith('text/html')

export const jsonAnswer = (status: number, value: unknown): Answer =>
  jsonTextAnswer(status, JSON.stringify(value))

/** An error in the API's own form (docs/reference/events-api.md, "Errors and rate limits"). */
export const errorAnswer = (status: number, message: string): Answer =>
  jsonAnswer(status, { Error: { Message: message } })

export const BAD_REQUEST = errorAnswer(400, 'Bad Request')
export const UNAUTHORIZED = errorAnswer(401, 'Unauthorized')
export const NOT_FOUND = textAnswer(404, '404 page not found')
export const TOO_MANY_REQUESTS = errorAnswer(429, 'Too Many Requests')

/** The status that reaches the client; 0 if none does. */
export const visibleStatus = ({ status, delivery }: Answer): number =>
  delivery === 'none' || delivery === 'reset' ? 0 : status
