import type { EventsApiAnswer, EventsApiCall } from '../../shared/ports.ts'
import type { FaultPlan } from './fault-plan.ts'

/** A cursor of the account may end with this mark and many letters, which say nothing. */
const MARK = '~'
const LEAST = 1_100
const MOST = 40_000

/** Returns the cursor as the account knows it. */
export const shortCursor = (cursor: string): string => cursor.split(MARK, 1)[0] ?? ''

interface LongCursors {
  /** Returns the call with the cursor that the account knows. */
  shorten(call: EventsApiCall): EventsApiCall
  /** Makes the cursor of a page long, perhaps. A cursor that was sent and comes back stays as it was sent. */
  lengthen(call: EventsApiCall, answer: EventsApiAnswer): EventsApiAnswer
}

const readSent = ({ body = '{}' }: EventsApiCall): string | undefined =>
  (JSON.parse(body) as { cursor?: string }).cursor

const CURSOR = /^\{"cursor":"([^"]*)"/

/** An account whose cursors are long now and then. */
export function createLongCursors(plan: FaultPlan): LongCursors {
  function longForm(cursor: string): string {
    if (!plan.strikes('api-long-cursors')) return cursor
    const random = plan.random('api-long-cursors')
    return cursor + MARK + 'x'.repeat(LEAST + random.integer(MOST - LEAST))
  }

  return {
    shorten(call) {
      const sent = call.method === 'POST' ? readSent(call) : undefined
      return sent?.includes(MARK) ? { ...call, body: JSON.stringify({ cursor: shortCursor(sent) }) } : call
    },
    lengthen(call, answer) {
      if (!plan.active.has('api-long-cursors') || answer.status !== 200 || call.method !== 'POST')
        return answer
      const text = Buffer.from(answer.body).toString('latin1')
      const cursor = CURSOR.exec(text)?.[1]
      if (cursor === undefined) return answer
      const sent = readSent(call)
      const given = sent !== undefined && shortCursor(sent) === cursor ? sent : longForm(cursor)
      return { ...answer, body: Buffer.from(text.replace(CURSOR, `{"cursor":"${given}"`), 'latin1') }
    },
  }
}
