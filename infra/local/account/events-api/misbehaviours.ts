import { type Answer, errorAnswer, NOT_FOUND, TOO_MANY_REQUESTS, textAnswer, UNAUTHORIZED } from './answer.ts'

/** What a mode does: one of these. */
export type Effect =
  | { readonly kind: 'none' }
  /** Every request is answered so. */
  | { readonly kind: 'answer'; readonly answer: Answer; readonly retryAfter?: true }
  /** The right answer goes astray on its way. */
  | { readonly kind: 'delivery'; readonly delivery: 'none' | 'reset' | 'cut' | 'slow' }
  /** A page is not what it should be. */
  | { readonly kind: 'page'; readonly page: 'empty' | 'spaced' }
  /** Continuing cursors are refused. */
  | { readonly kind: 'cursor'; readonly refuses: 'earlier' | 'all' }
  /** Events of the time in which the mode is on come late. */
  | { readonly kind: 'late'; readonly place: 'on-arrival' | 'behind' }

export interface Mode {
  readonly description: string
  readonly effect: Effect
}

const answer = (description: string, given: Answer): Mode => ({
  description,
  effect: { kind: 'answer', answer: given },
})

const delivery = (description: string, how: 'none' | 'reset' | 'cut' | 'slow'): Mode => ({
  description,
  effect: { kind: 'delivery', delivery: how },
})

const HTML = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Please sign in</html>' }
const OTHER_JSON = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"status":"ok"}' }

/** Every way in which the account can be told to behave. */
export const MODES = {
  ok: { description: 'as it should', effect: { kind: 'none' } },
  '401': answer('401, as for a bad, expired or revoked token', UNAUTHORIZED),
  '403': answer('403 Forbidden', errorAnswer(403, 'Forbidden')),
  '404': answer('404 with a text, as a wrong host answers', NOT_FOUND),
  '429': {
    description: '429 with Retry-After (option retryAfter, seconds)',
    effect: { kind: 'answer', answer: TOO_MANY_REQUESTS, retryAfter: true },
  },
  '429-bare': answer('429 without Retry-After', TOO_MANY_REQUESTS),
  '500': answer('500 Internal Server Error', errorAnswer(500, 'Internal Server Error')),
  '503': answer('503 with a text, as a proxy answers', textAnswer(503, 'upstream connect error')),
  hang: delivery('no answer until the client gives up', 'none'),
  slow: delivery('the right answer, late (option delayMs, real milliseconds)', 'slow'),
  cut: delivery('half of the body, then the connection ends', 'cut'),
  reset: delivery('the connection is reset', 'reset'),
  'not-json': answer('200 with a page of HTML', HTML),
  'not-a-page': answer('200 with JSON that is no page', OTHER_JSON),
  'empty-has-more': {
    description: 'an empty page with the cursor that was sent and has_more true',
    effect: { kind: 'page', page: 'empty' },
  },
  spaced: {
    description: 'pages with line breaks and white space between all tokens',
    effect: { kind: 'page', page: 'spaced' },
  },
  'refused-cursors': {
    description: '400 for every cursor from before the switch; those of a new chain are taken',
    effect: { kind: 'cursor', refuses: 'earlier' },
  },
  'refused-cursors-all': {
    description: '400 for every continuing cursor',
    effect: { kind: 'cursor', refuses: 'all' },
  },
  late: {
    description:
      'one new event in ten appears lateMinutes late, after newer ones (no effect with event files, nor counted in requests)',
    effect: { kind: 'late', place: 'on-arrival' },
  },
  'late-behind': {
    description: 'the same, but behind the cursors that passed its time: only a new reset cursor finds it',
    effect: { kind: 'late', place: 'behind' },
  },
} as const satisfies Readonly<Record<string, Mode>>

export type ModeName = keyof typeof MODES

export const MODE_NAMES = Object.keys(MODES) as readonly ModeName[]
