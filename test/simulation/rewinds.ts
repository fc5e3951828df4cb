import { decodeCursor, encodeCursor } from '../../infra/local/account/events-api/cursor.ts'
import { pageText } from '../../infra/local/account/events-api/page.ts'
import { FEATURES } from '../../infra/local/account/events-api/switchboard.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { EventsApi, EventsApiAnswer, EventsApiCall } from '../../shared/ports.ts'
import { shortCursor } from './long-cursors.ts'
import type { Process, Surroundings } from './process.ts'
import type { Stores } from './stores.ts'
import type { Verdict } from './verdict.ts'

interface AnsweredPage {
  readonly cursor: string
  readonly has_more: boolean
  readonly items: readonly unknown[]
}

interface RewindParts {
  readonly world: Surroundings
  readonly stores: Stores
  readonly verdict: Verdict
}

const readJson = (body: Uint8Array | string): unknown => JSON.parse(Buffer.from(body).toString('utf8'))

const isPage = (value: unknown): value is AnsweredPage =>
  typeof value === 'object' && value !== null && Array.isArray((value as AnsweredPage).items)

/** Returns the page that a call got, if it got one. */
function readPage({ status, body }: EventsApiAnswer): AnsweredPage | undefined {
  if (status !== 200) return undefined
  try {
    const page = readJson(body)
    return isPage(page) ? page : undefined
  } catch {
    return undefined
  }
}

const hasEvents = ({ status, body }: EventsApiAnswer): boolean =>
  status === 200 && Buffer.from(body).includes('"uuid"')

/** Where the last objects of the task's chain led, the newest first. */
function listFollowed({ lake }: Stores, { lastObjectKey, chain }: Task): readonly string[] {
  const followed: string[] = []
  for (let key = lastObjectKey; key !== undefined && followed.length < 3; ) {
    const record = lake.objects.get(key)?.record
    if (record?.chain !== chain) break
    followed.push(record.nextCursor)
    key = record.previousKey
  }
  return followed
}

/** The cursor in the text of a page; its items stay as they are. */
function withCursor(answer: EventsApiAnswer, from: string, to: string): EventsApiAnswer {
  const text = Buffer.from(answer.body).toString('utf8')
  return { ...answer, body: Buffer.from(text.replace(JSON.stringify(from), JSON.stringify(to))) }
}

/** An empty page that moves the cursor of the call. */
function moveWithoutEvent({ path, body = '{}' }: EventsApiCall): EventsApiAnswer | undefined {
  const { cursor } = readJson(body) as { cursor?: string }
  const feature = FEATURES.find(each => path.endsWith(each))
  const content = feature && cursor !== undefined ? decodeCursor(shortCursor(cursor), feature) : undefined
  if (!content) return undefined
  const next = encodeCursor({ ...content, emptyPages: (content.emptyPages ?? 0) + 1 })
  return { status: 200, body: Buffer.from(pageText({ cursor: next, hasMore: true, items: [] })) }
}

const REFUSALS: readonly EventsApiAnswer[] = [
  '{"Error":{"Message":"Bad Request"}}',
  '{"status":400,"message":"Bad Request"}',
  '<html>Bad Request</html>',
].map(body => ({ status: 400, body: Buffer.from(body) }))

/** A quarter of what may be sent in one burst for one API, and those that fail or are under way. */
const MOST_WITHOUT_EVENT = 75 + 6

/** An Events API that leads back, or on and on without an event, now and then. */
export function createRewinds({ world, stores, verdict }: RewindParts) {
  const { plan, trace } = world
  const rows = new Map<string, number>()
  const random = plan.random('api-rewinds')

  function rewind(call: EventsApiCall, answer: EventsApiAnswer, page: AnsweredPage): EventsApiAnswer {
    const { cursor } = readJson(call.body ?? '{}') as { cursor?: string }
    const task = [...stores.tasks.items.values()].find(each => each.cursor === cursor)
    if (!task || cursor === undefined || page.items.length === 0) return answer
    if (!plan.strikes('api-rewinds')) return answer
    trace.note(`${task.sourceId}/${task.api}`, 'is led back')
    return withCursor(answer, page.cursor, random.pick([cursor, ...listFollowed(stores, task)]))
  }

  function goOnEmpty(call: EventsApiCall): EventsApiAnswer | undefined {
    const name = `${call.token}${call.path}`
    if (plan.strikes('api-empty-rows')) rows.set(name, plan.random('api-empty-rows').integer(300))
    const left = rows.get(name) ?? 0
    rows.set(name, left - 1)
    return left > 0 ? moveWithoutEvent(call) : undefined
  }

  return (api: EventsApi, process: Process): EventsApi => {
    let eventless = 0
    return {
      async send(call) {
        const answer = await api.send(call)
        const page = call.method === 'POST' ? readPage(answer) : undefined
        // A damaged page may bring events all the same.
        if (!page && hasEvents(answer)) eventless = 0
        if (!page) return answer
        if (plan.strikes('api-400s')) return plan.random('api-400s').pick(REFUSALS)
        const given = goOnEmpty(call) ?? rewind(call, answer, page)
        const last = given === answer ? page : readPage(given)
        eventless = (last?.items.length ?? 0) > 0 ? 0 : eventless + 1
        if (eventless > MOST_WITHOUT_EVENT) {
          verdict.broken(
            'requests without an event are bounded',
            `${process.name} makes ${eventless} of them`,
          )
        }
        return given
      },
    }
  }
}
