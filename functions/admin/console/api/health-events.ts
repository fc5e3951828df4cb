import type { HealthEvent } from '../model/health-events.ts'
import type { Row } from '../model/rows.ts'
import { call } from './call.ts'

interface Part {
  readonly data: readonly HealthEvent[]
  readonly next?: string
}

/** A list that is longer is cut: nobody reads on. */
const MOST_PARTS = 5

async function readAll(path: string): Promise<readonly HealthEvent[]> {
  const events: HealthEvent[] = []
  let token = ''
  for (let part = 0; part < MOST_PARTS; part += 1) {
    const { body } = await call<Part>(`${path}?limit=1000${token}`)
    events.push(...(body?.data ?? []))
    if (body?.next === undefined) break
    token = `&token=${encodeURIComponent(body.next)}`
  }
  return events
}

/** All events of so many sources are read at once. Of more sources, only the open ones. */
export const HISTORIES = 5

/** The events of 90 days of the given sources, one source after the other; of too many, what is open. */
export async function readEvents(rows: readonly Row[]): Promise<readonly HealthEvent[]> {
  if (rows.length > HISTORIES) return readAll('/healthEvents')
  const events: HealthEvent[] = []
  for (const { collector, source } of rows) {
    events.push(...(await readAll(`/collectors/${collector.id}/sources/${source.id}/healthEvents`)))
  }
  return events
}
