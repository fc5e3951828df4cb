import { HEALTH_EVENT_DAYS } from '../../../shared/contract/limits.ts'
import { checkShape, optional, type Values, withDefault } from '../../../shared/domain/source/shape.ts'
import type { HealthEvent } from '../../../shared/domain/task/health-event.ts'
import { HEALTH_RESOURCES } from '../../../shared/domain/task/health-resources.ts'
import type { HealthEventList, Part } from '../../../shared/ports.ts'
import { requireValid } from '../http/api-error.ts'
import { readObject } from '../http/body.ts'
import { presentFitting } from '../http/list-answer.ts'
import type { Answer, Handler } from '../http/message.ts'
import { checkQuery, readQuery, wholeNumber } from '../http/query.ts'
import type { View } from '../openapi/view.ts'
import { findSource } from '../sources/read.ts'
import { HEALTH_CHANGE, HEALTH_EVENT } from './view.ts'

/** Where a part of a list begins, as the table says it: printable ASCII. */
const PLACE = /^[\x20-\x7e]{1,500}$/

const createToken = (place: string): string => Buffer.from(place, 'latin1').toString('base64url')

/** The client passes on what it was given. We read the place in it. */
const TOKEN = optional({
  schema: { description: 'The next of an earlier answer.', type: 'string' },
  read: token => {
    const place = Buffer.from(String(token), 'base64url').toString('latin1')
    return PLACE.test(place) && createToken(place) === token ? place : undefined
  },
  wanted: 'must be the `next` of an earlier answer',
})

/** Which part of a list of health events is wanted (docs/reference/management-api.md, "Health Events API"). */
export const HEALTH_PART = {
  limit: withDefault(100, wholeNumber('How many at most.', { min: 1, max: 1000 })),
  token: TOKEN,
}

const toPart = ({ limit, token }: Values<typeof HEALTH_PART>): Part => ({ limit, after: token })

/**
 * The last part has no `next`. If the events do not fit into one answer, a smaller part is read, so that `next` leads to
 * the first event that is left out.
 */
async function healthAnswer<Wanted extends Part>(
  part: Wanted,
  read: (part: Wanted) => Promise<HealthEventList>,
  view: View<HealthEvent>,
): Promise<Answer> {
  const { events, next } = await read(part)
  const { entries } = await presentFitting(events, view.present)
  if (entries.length < events.length) return healthAnswer({ ...part, limit: entries.length }, read, view)
  return { body: { data: entries, ...(next !== undefined && { next: createToken(next) }) } }
}

export const listHealthEvents: Handler = async ({ healthEvents }, request) => {
  const part = toPart(readQuery(request, HEALTH_PART))
  return healthAnswer(part, healthEvents.unresolved, HEALTH_EVENT)
}

export const listHealthEventsOfResources: Handler = async ({ healthEvents }, request) => {
  const body = readObject(request, '{"data":[{"id":"…","type":"Source"}]}')
  const [query, resources] = requireValid(
    checkQuery(request, HEALTH_PART),
    checkShape(body, HEALTH_RESOURCES, undefined),
  )
  const part = { ...toPart(query.values), sources: resources.values.data }
  return healthAnswer(part, healthEvents.unresolved, HEALTH_EVENT)
}

/** Our extension: the events of 90 days, newest first. */
export const listSourceHealthEvents: Handler = async (ports, request) => {
  const { id } = await findSource(ports, request)
  const part = toPart(readQuery(request, HEALTH_PART))
  const since = new Date(ports.clock.now() - HEALTH_EVENT_DAYS * 86_400_000).toISOString()
  return healthAnswer(part, wanted => ports.healthEvents.history(id, { ...wanted, since }), HEALTH_CHANGE)
}
