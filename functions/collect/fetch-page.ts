import { APIS } from '../../shared/contract/apis.ts'
import { createFailure, isRunFailure, type RunFailure } from '../../shared/domain/failure/failure.ts'
import { isNetworkFailure } from '../../shared/domain/failure/network-failure.ts'
import { isOwnError } from '../../shared/domain/failure/own-answer.ts'
import { shownBody } from '../../shared/domain/failure/shown-text.ts'
import { type Page, readPage } from '../../shared/domain/stream/page.ts'
import type { PageRequest } from '../../shared/domain/stream/page-request.ts'
import { salvagePage } from '../../shared/domain/stream/salvaged-page.ts'
import type { EventsApiAnswer } from '../../shared/ports.ts'
import { ask, type Question } from './ask.ts'
import type { Run } from './run.ts'

/** The API refused a cursor (docs/reference/events-api.md, "Page and cursor"). */
class CursorRefused extends Error {
  override readonly name = 'CursorRefused'
}

export const isCursorRefused = (error: unknown): error is CursorRefused =>
  error instanceof Error && error.name === 'CursorRefused'

/** A failure whose answer was the API's own 400 to the start of a chain. */
export const isStartRefused = (error: unknown): error is RunFailure =>
  isRunFailure(error) && error.type === 'ThirdPartyConfig' && error.code === 400

function toRefusal(request: PageRequest, answer: EventsApiAnswer): Error | undefined {
  if (answer.status !== 400) return undefined
  const body = new TextDecoder().decode(answer.body)
  if (!isOwnError(body)) return undefined
  if ('cursor' in request) return new CursorRefused(`400: ${shownBody(body)}`)
  return createFailure({ kind: 'start-refused', body, startTime: request.start_time })
}

/**
 * A page could not be read, as often as it was asked for: it is no page, or it is too large. The body is what was
 * received of it, if it is known.
 */
export class UnreadablePage extends Error {
  override readonly name = 'UnreadablePage'
  readonly failure: RunFailure
  readonly body: Uint8Array | undefined

  constructor(failure: RunFailure, body?: Uint8Array) {
    super(failure.message, { cause: failure })
    this.failure = failure
    this.body = body
  }
}

export const isUnreadablePage = (error: unknown): error is UnreadablePage =>
  error instanceof Error && error.name === 'UnreadablePage'

const isTooLarge = ({ cause }: Error): boolean => isNetworkFailure(cause) && cause.fact.reason === 'too-large'

/** A body of a 200 that is not a page, and the failure that says why. */
interface RefusedBody {
  readonly body: Uint8Array
  readonly failure: unknown
}

/** Makes the best of what was received. Throws UnreadablePage if nothing can be made of it. */
function salvage({ body, failure }: RefusedBody): Page {
  try {
    return salvagePage(body, failure)
  } catch (error) {
    throw isRunFailure(error) ? new UnreadablePage(error, body) : error
  }
}

/**
 * Reads one page. A page with an item that is no event is asked for again, because it may have been damaged on its way.
 * If it stays so, the page is returned without that item. Throws RunFailure, CursorRefused for a 400 to a cursor, or
 * UnreadablePage.
 */
export async function fetchPage(run: Run, request: PageRequest, signal?: AbortSignal): Promise<Page> {
  let refusedBody: RefusedBody | undefined
  const read = (body: Uint8Array): Page => {
    try {
      return readPage(body)
    } catch (failure) {
      refusedBody = { body, failure }
      throw failure
    }
  }
  const question: Question<Page> = {
    method: 'POST',
    path: `/api/v2/${APIS[run.lease.task.api].feature}`,
    body: JSON.stringify(request),
    read,
    refused: answer => toRefusal(request, answer),
  }
  try {
    return await ask(run, question, signal)
  } catch (error) {
    if (refusedBody && refusedBody.failure === error) return salvage(refusedBody)
    throw isRunFailure(error) && isTooLarge(error) ? new UnreadablePage(error) : error
  }
}
