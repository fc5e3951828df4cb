import { APIS } from '../../shared/contract/apis.ts'
import { createFailure } from '../../shared/domain/failure/failure.ts'
import { shownBody } from '../../shared/domain/failure/shown-text.ts'
import { type Page, readPage } from '../../shared/domain/stream/page.ts'
import type { PageRequest } from '../../shared/domain/stream/page-request.ts'
import type { EventsApiAnswer } from '../../shared/ports.ts'
import { ask } from './ask.ts'
import type { Run } from './run.ts'

/** The API refused a cursor (docs/reference/events-api.md, "Page and cursor"). */
export class CursorRefused extends Error {
  override readonly name = 'CursorRefused'
}

export const isCursorRefused = (error: unknown): error is CursorRefused =>
  error instanceof Error && error.name === 'CursorRefused'

function toRefusal(request: PageRequest, answer: EventsApiAnswer): Error | undefined {
  if (answer.status !== 400) return undefined
  const body = new TextDecoder().decode(answer.body)
  if ('cursor' in request) return new CursorRefused(`400: ${shownBody(body)}`)
  return createFailure({ kind: 'start-refused', body, startTime: request.start_time })
}

/** Reads one page. Throws RunFailure, or CursorRefused for a 400 to a cursor. */
export function fetchPage(run: Run, request: PageRequest, signal?: AbortSignal): Promise<Page> {
  return ask(
    run,
    {
      method: 'POST',
      path: `/api/v2/${APIS[run.lease.task.api].feature}`,
      body: JSON.stringify(request),
      read: readPage,
      refused: answer => toRefusal(request, answer),
    },
    signal,
  )
}
