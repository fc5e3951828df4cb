import {
  type Answer,
  BAD_REQUEST,
  errorAnswer,
  htmlAnswer,
  jsonTextAnswer,
  NOT_FOUND,
  TOO_MANY_REQUESTS,
  textAnswer,
  UNAUTHORIZED,
} from './answer.ts'
import { writeWithWhiteSpace } from './json-text.ts'
import type { LatePlace } from './lateness.ts'
import { type Page, pageText, sparsePageText } from './page.ts'

export interface MisbehaviourOptions {
  /** Seconds, for 429. @default 30 */
  readonly retryAfter?: number
  /** Real milliseconds, for slow. @default 5000 */
  readonly delayMs?: number
  /** For the late modes. @default 30 */
  readonly lateMinutes?: number
}

/** A page that a client has asked for with a valid token and request. */
export interface AskedPage {
  readonly limit: number
  /** Names the place that was asked for. It is the cursor that was sent, if one was sent. */
  readonly cursor: string
  /** Returns a cursor that differs from it and names the same place. */
  anotherCursor(): string
  /** Returns the right page, or one with another limit. */
  read(limit?: number): Page
}

/** One way to answer wrongly. Each member replaces one step of answering; what is left out stays right. */
export interface Misbehaviour {
  /** Other requests are answered as they should be, and are not counted. @default 'every request' */
  readonly affects?: 'every request' | 'pages' | 'earlier cursors' | 'all cursors' | 'no request'
  /** Answers before the token is looked at. */
  readonly answer?: (options: MisbehaviourOptions, token: string) => Answer
  /** Makes the page, or an answer in its place. */
  readonly page?: (asked: AskedPage) => Page | Answer
  /** Changes the finished answer. */
  readonly change?: (answer: Answer, options: MisbehaviourOptions) => Answer
  /** Some events of the time in which it is switched on become visible late. */
  readonly late?: LatePlace
}

interface Mode extends Misbehaviour {
  readonly description: string
}

const always = (description: string, given: Answer): Mode => ({ description, answer: () => given })

const refuseCursor = { page: () => BAD_REQUEST }

/** All modes of a simulated account. To add one, add an entry. */
export const MODES = {
  ok: { description: 'as it should', affects: 'no request' },
  '401': always('401, as for a bad, expired or revoked token', UNAUTHORIZED),
  '403': always('403 Forbidden', errorAnswer(403, 'Forbidden')),
  '404': always('404 with a text, as a wrong host answers', NOT_FOUND),
  '401-html': always('401 with a page of HTML, as a proxy answers', htmlAnswer(401, '<html>Sign in</html>')),
  '403-html': always(
    '403 with a page of HTML, as a firewall answers',
    htmlAnswer(403, '<html>Blocked</html>'),
  ),
  '404-html': always(
    '404 with a page of HTML, as a proxy answers',
    htmlAnswer(404, '<html>Not found</html>'),
  ),
  '408': always('408 Request Timeout', errorAnswer(408, 'Request Timeout')),
  '429': {
    description: '429 with Retry-After (option retryAfter, seconds)',
    answer: ({ retryAfter = 30 }) => ({
      ...TOO_MANY_REQUESTS,
      headers: { ...TOO_MANY_REQUESTS.headers, 'retry-after': String(retryAfter) },
    }),
  },
  '429-bare': always('429 without Retry-After', TOO_MANY_REQUESTS),
  '500': always('500 Internal Server Error', errorAnswer(500, 'Internal Server Error')),
  '502': {
    description: '502 with a text that repeats the token, as a careless proxy answers',
    answer: (_, token) => textAnswer(502, `no such request: Authorization: Bearer ${token}`),
  },
  '503': always('503 with a text, as a proxy answers', textAnswer(503, 'upstream connect error')),
  hang: { description: 'no answer until the client gives up', change: a => ({ ...a, delivery: 'none' }) },
  slow: {
    description: 'the right answer, late (option delayMs, real milliseconds)',
    change: (answer, { delayMs = 5000 }) => ({ ...answer, delayMs }),
  },
  cut: {
    description: 'half of the body, then the connection ends',
    change: answer => ({ ...answer, delivery: 'cut' }),
  },
  reset: { description: 'the connection is reset', change: answer => ({ ...answer, delivery: 'reset' }) },
  'not-json': always('200 with a page of HTML', htmlAnswer(200, '<html>Please sign in</html>')),
  'half-json': always('200 with JSON that ends early', jsonTextAnswer(200, '{"cursor":"x","has_more":tr')),
  'not-a-page': always('200 with JSON that is no page', jsonTextAnswer(200, '{"status":"ok"}')),
  'empty-has-more': {
    description: 'an empty page with the cursor that was sent and has_more true',
    affects: 'pages',
    page: ({ cursor }) => ({ cursor, hasMore: true, items: [] }),
  },
  'same-cursor': {
    description: 'the right page, with the cursor that was sent',
    affects: 'pages',
    page: ({ cursor, read }) => ({ ...read(), cursor }),
  },
  'empty-pages': {
    description: 'empty pages without end, each with another cursor and has_more true',
    affects: 'pages',
    page: asked => ({ cursor: asked.anotherCursor(), hasMore: true, items: [] }),
  },
  spaced: {
    description: 'pages with line breaks and white space between all tokens',
    affects: 'pages',
    page: ({ read }) => jsonTextAnswer(200, writeWithWhiteSpace(pageText(read()))),
  },
  'refused-cursors': {
    description: '400 for every cursor from before the switch; those of a new chain are taken',
    affects: 'earlier cursors',
    ...refuseCursor,
  },
  'refused-cursors-all': {
    description: '400 for every continuing cursor',
    affects: 'all cursors',
    ...refuseCursor,
  },
  late: {
    description:
      'one new event in ten appears lateMinutes late, after newer ones (no effect with event files, nor counted in requests)',
    affects: 'no request',
    late: 'on-arrival',
  },
  'late-behind': {
    description: 'the same, but behind the cursors that passed its time: only a new reset cursor finds it',
    affects: 'no request',
    late: 'behind',
  },
  'bad-items': {
    description: 'pages with a null and a NaN among the events',
    affects: 'pages',
    page: ({ read }) => {
      const page = read()
      return page.items.length === 0 ? page : { ...page, items: ['null', ...page.items, '{"n":NaN}'] }
    },
  },
  sparse: {
    description: 'pages without has_more where there is no more, and without items where there are none',
    affects: 'pages',
    page: ({ read }) => jsonTextAnswer(200, sparsePageText(read())),
  },
} as const satisfies Readonly<Record<string, Mode>>

export type ModeName = keyof typeof MODES

export const MODE_NAMES = Object.keys(MODES) as readonly ModeName[]

export const modeNamed = (name: ModeName): Mode => MODES[name]
