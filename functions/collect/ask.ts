import { RESERVE_MS } from '../../shared/contract/timing.ts'
import {
  createFailure,
  isRunFailure,
  type RunFailure,
  toFailure,
} from '../../shared/domain/failure/failure.ts'
import { maskText } from '../../shared/domain/failure/masking.ts'
import { isOwnAnswer } from '../../shared/domain/failure/own-answer.ts'
import { jitteredMs, MAX_ATTEMPTS, retryAfterMs } from '../../shared/domain/stream/back-off.ts'
import type { EventsApiAnswer } from '../../shared/ports.ts'
import type { Run } from './run.ts'
import { type ApiRequest, confirmRefusal, decodeBody, INTROSPECTION, sendRequest } from './send-request.ts'

export interface Question<T> extends ApiRequest {
  /** Parses the body of a 200. Throws RunFailure if it cannot. */
  readonly read: (body: Uint8Array) => T
  /** Returns another error than the usual one for an answer that is not a 200. */
  readonly refused?: (answer: EventsApiAnswer) => Error | undefined
}

interface Attempt<T> {
  readonly value?: T
  readonly failure?: Error
}

const isRefused = (answer: EventsApiAnswer): boolean =>
  answer.status === 401 && isOwnAnswer(401, decodeBody(answer))

/**
 * A 401 counts only if the secret holds no other token that serves, and if introspection refuses the same token. A 401 to
 * the introspection itself needs no other one.
 */
async function send<T>(run: Run, question: Question<T>, signal?: AbortSignal): Promise<EventsApiAnswer> {
  const token = await run.token.read()
  const answer = await sendRequest(run, question, token, signal)
  if (!isRefused(answer)) return answer
  const fresh = await run.token.replaceRefused(token)
  const last = fresh === undefined ? answer : await sendRequest(run, question, fresh, signal)
  if (isRefused(last) && question.path !== INTROSPECTION.path) await confirmRefusal(run, last, fresh ?? token)
  return last
}

function toAnswerFailure({ ports }: Run, answer: EventsApiAnswer): RunFailure {
  const waitMs = retryAfterMs(answer.retryAfter, ports.clock.now())
  return createFailure(
    { kind: 'answer', status: answer.status, body: decodeBody(answer) },
    waitMs > 0 ? { retryAfterMs: waitMs } : undefined,
  )
}

async function attempt<T>(run: Run, question: Question<T>, signal?: AbortSignal): Promise<Attempt<T>> {
  try {
    const answer = await send(run, question, signal)
    if (answer.status === 200) return { value: question.read(answer.body) }
    return { failure: question.refused?.(answer) ?? toAnswerFailure(run, answer) }
  } catch (error) {
    signal?.throwIfAborted()
    return { failure: toFailure(error, `asking 1Password for ${question.path}`) }
  }
}

/** Only trouble of 1Password or of the network may be over at the next attempt. */
const mayPass = (failure: Error): boolean => isRunFailure(failure) && failure.type === 'ThirdPartyGeneric'

const askedToWaitMs = (failure: Error): number =>
  (isRunFailure(failure) ? failure.retryAfterMs : undefined) ?? 0

/**
 * Sends a request until it is answered: up to 3 attempts with full-jitter back-off, or as long a wait as Retry-After says,
 * while the time left allows it. Throws RunFailure, or the error that `refused` returned.
 */
export async function ask<T>(run: Run, question: Question<T>, signal?: AbortSignal): Promise<T> {
  const { clock, random, log } = run.ports
  for (let count = 1; ; count++) {
    const { value, failure } = await attempt(run, question, signal)
    if (failure === undefined) return value as T
    const waitMs = Math.max(jitteredMs(count, random.fraction()), askedToWaitMs(failure))
    const isLate = clock.now() + waitMs + RESERVE_MS > run.deadlineMs
    if (!mayPass(failure) || count >= MAX_ATTEMPTS || isLate) throw failure
    log.warn('request failed, trying again', {
      path: question.path,
      attempt: count,
      waitMs,
      reason: maskText(failure.message, run.token.secrets),
    })
    await clock.sleep(waitMs, signal)
  }
}
