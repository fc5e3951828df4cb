import { type Answer, textAnswer } from '../account/events-api/answer.ts'

/** One way in which a destination misbehaves. */
interface Mode {
  readonly description: string
  /** How much of a request takes effect. @default 'none' */
  readonly takes?: 'none' | 'half' | 'all'
  /** The answer in the place of the right one. @default - the right one */
  readonly answer?: (options: ModeOptions) => Answer
  /** Waits before it answers (option delayMs). */
  readonly isSlow?: true
}

export interface ModeOptions {
  /** After so many requests the mode is `ok` again. @default - it stays */
  readonly times?: number
  /** Seconds, for 429. @default 30 */
  readonly retryAfter?: number
  /** Real milliseconds, for slow. @default 5000 */
  readonly delayMs?: number
}

const status = (code: number, text: string) => (): Answer => textAnswer(code, text)

/** All modes of a simulated destination. To add one, add an entry. */
export const DESTINATION_MODES = {
  ok: { description: 'takes every event', takes: 'all' },
  '503': { description: '503, nothing is taken', answer: status(503, 'Service Unavailable') },
  '500': { description: '500, nothing is taken', answer: status(500, 'Internal Server Error') },
  '503-taken': {
    description: '503, although all events were taken',
    takes: 'all',
    answer: status(503, 'Service Unavailable'),
  },
  '408': {
    description: '408, and half of the events were taken',
    takes: 'half',
    answer: status(408, 'Request Timeout'),
  },
  '429': {
    description: '429 with Retry-After (option retryAfter, seconds), nothing is taken',
    answer: ({ retryAfter = 30 }) => ({
      ...textAnswer(429, 'You have temporarily exceeded your quota'),
      headers: { 'retry-after': String(retryAfter) },
    }),
  },
  '401': { description: '401, as for a wrong code or token', answer: status(401, 'Unauthorized') },
  '403': { description: '403 Forbidden', answer: status(403, 'Forbidden') },
  '404': { description: '404, as for an address that is not there', answer: status(404, 'Not Found') },
  redirect: {
    description: '301 to another address',
    answer: () => ({ ...textAnswer(301, ''), headers: { location: 'http://127.0.0.1:1/' } }),
  },
  reset: {
    description: 'the connection is reset, nothing is taken',
    answer: () => ({ ...textAnswer(200, ''), delivery: 'reset' }),
  },
  'reset-taken': {
    description: 'the connection is reset, although all events were taken',
    takes: 'all',
    answer: () => ({ ...textAnswer(200, ''), delivery: 'reset' }),
  },
  hang: {
    description: 'no answer, although all events were taken',
    takes: 'all',
    answer: () => ({ ...textAnswer(200, ''), delivery: 'none' }),
  },
  slow: { description: 'takes every event, late (option delayMs)', takes: 'all', isSlow: true },
} as const satisfies Readonly<Record<string, Mode>>

export type DestinationMode = keyof typeof DESTINATION_MODES

export const DESTINATION_MODE_NAMES = Object.keys(DESTINATION_MODES) as DestinationMode[]

export const findMode = (name: DestinationMode): Mode => DESTINATION_MODES[name]
