import type { ExecutionEvent } from 'aws-emulator'
import { APIS } from '../../shared/contract/apis.ts'
import type { EpisodeOpened } from '../../shared/contract/events.ts'
import type { RetryAnswer, RetryOutcome } from '../../shared/contract/retry.ts'

/** What a state of the retry state machine is given once collect has answered. */
interface Answered extends EpisodeOpened {
  readonly answer: RetryAnswer
}

/** e.g. `2026-01-01T12:05:00.000Z` → `12:05:00Z` */
const timeOfDay = (time = ''): string => time.slice(11).replace(/\.\d+/, '')

const TEXTS: { readonly [O in RetryOutcome]: ((answer: RetryAnswer) => string) | undefined } = {
  retry: ({ nextRetry, attempts = 0, deadline }) =>
    `waits until ${timeOfDay(nextRetry)} (${attempts} failed run${attempts === 1 ? '' : 's'}, gives up at ${timeOfDay(deadline)})`,
  recovered: () => 'recovered',
  stopped: () => 'stopped: an update, a restart or a delete ended it, or an error that waits for you',
  quit: ({ error, cause }) => `given up: ${error}: ${cause}`,
  taken: undefined,
}

const TELLING = new Set(['Wait', 'Succeed', 'Fail'])

/**
 * Returns what a person is told when an execution waits or ends, e.g. `retry  Acme  Item Usage  recovered`. Most steps
 * tell nothing.
 */
export function retryLine(
  { type, stateType = '', input }: ExecutionEvent,
  findName: (sourceId: number) => string,
): string | undefined {
  if (type !== 'StateEntered' || !TELLING.has(stateType)) return undefined
  const { answer, sourceId, api } = input as Answered
  const text = TEXTS[answer.outcome]?.(answer)
  return text && `retry  ${findName(sourceId).padEnd(20)}  ${APIS[api].title.padEnd(16)}  ${text}`
}
