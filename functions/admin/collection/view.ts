import { API_NAMES, type Api } from '../../../shared/contract/apis.ts'
import { described } from '../../../shared/domain/source/shape.ts'
import type { Collector, Source } from '../../../shared/domain/source/source.ts'
import { toSourceState } from '../../../shared/domain/source/source-state.ts'
import { CATEGORY, NAME } from '../../../shared/domain/source/text-setting.ts'
import { COUNTED_HOURS, readHourlyEvents } from '../../../shared/domain/task/hourly-events.ts'
import { describeOpenWarnings, type OpenWarning } from '../../../shared/domain/task/open-warnings.ts'
import { lagSinceMs } from '../../../shared/domain/task/read-time.ts'
import { silentSinceMs } from '../../../shared/domain/task/silence.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import { choice, count, fullText, integer, list, text, time } from '../openapi/schema.ts'
import { objectSchema, view } from '../openapi/view.ts'
import { ERROR, findShown, LEASE, REACHED, RETRY, toIso } from '../sources/task-view.ts'
import { STATE, STEPS } from '../sources/view.ts'

const WARNING = view<OpenWarning>()({
  kind: [fullText('For programs, e.g. TokenExpiry.'), ({ kind }) => kind],
  since: time('When its health event began.'),
  title: fullText(),
  description: fullText('What happened and what to do.'),
})

function findCollected(source: Source, api: Api, task: Task | undefined, nowMs: number) {
  return {
    ...findShown(source, api, task, nowMs),
    lagSince: toIso(task && lagSinceMs(task, nowMs)),
    noWordSince: toIso(task && !source.stopping ? silentSinceMs(task, nowMs) : undefined),
    warnings: describeOpenWarnings(task?.health?.warnings),
    eventsByHour: readHourlyEvents(task?.hourlyEvents, nowMs),
  }
}

/** How one API of a source is doing. All times are absolute, so that the answer changes only when something happens. */
const API = view<ReturnType<typeof findCollected>>()({
  api: choice(API_NAMES),
  state: choice([...STEPS, 'Stopping'], { description: 'As the last run that has ended left it.' }),
  'since?': time('When the state was entered.'),
  reached: REACHED,
  'error?': described(ERROR, 'In state Error.'),
  'advice?': text({ description: 'In state Error: what is to be done about it.' }),
  'retry?': described(RETRY, 'In state Error, unless the error waits for the user from the first.'),
  warnings: [list(WARNING.schema), ({ warnings }) => warnings.map(WARNING.present)],
  'noWordSince?': time(
    'For two ticks no run has begun or ended, although one was due: the state is that of then.',
  ),
  'tokenExpires?': time('When the API token expires, if it says so itself.'),
  'lastSuccess?': [time('When a run last ended well.'), ({ lastSuccessAt }) => lastSuccessAt],
  'lastEventTime?': text({
    description: 'Newest timestamp of all events delivered, as received, that was not in the future then.',
  }),
  'lagSince?': time('When that event was. While events are unread: until when all is known to be read.'),
  'cursorSince?': [time('When the cursor last moved.'), ({ cursorSinceMs }) => toIso(cursorSinceMs)],
  pages: [count('Pages delivered in all.'), ({ pages = 0 }) => pages],
  events: [count('Events delivered in all.'), ({ events = 0 }) => events],
  lateEvents: [
    count('Of these, how many were older than the newest event delivered before their page.'),
    ({ lateEvents = 0 }) => lateEvents,
  ],
  'unreadable?': count('Items that could not be read and were kept aside.'),
  eventsByHour: list(count(), {
    minItems: COUNTED_HOURS,
    maxItems: COUNTED_HOURS,
    description:
      'Events delivered in each of the last 24 hours, the oldest first. The last hour is running. The others are rounded ' +
      'to three in a hundred, if they have more than 16 events.',
  }),
  'lease?': described(LEASE, 'A run is collecting; without a word of it, others may from `until` on.'),
})

/** A source with its tasks, of whatever APIs. */
export interface CollectedSource {
  readonly collector: Collector
  readonly source: Source
  readonly tasks: readonly Task[]
  readonly nowMs: number
}

const countOpenEvents = (tasks: readonly Task[]): number =>
  tasks.reduce((sum, { health }) => {
    const warnings = Object.keys(health?.warnings ?? {}).length
    return sum + warnings + (health?.open ? 1 : 0)
  }, 0)

const listApis = ({ source, tasks, nowMs }: CollectedSource) =>
  source.apis.map(api => {
    const task = tasks.find(candidate => candidate.api === api)
    return API.present(findCollected(source, api, task, nowMs))
  })

export const COLLECTED_SOURCE = view<CollectedSource>()({
  id: [integer(), ({ source }) => source.id],
  name: [NAME.schema, ({ source }) => source.name],
  'category?': [
    text({ ...CATEGORY.schema, description: 'Its own, or that of the collector.' }),
    ({ source, collector }) => source.category ?? collector.category,
  ],
  state: [STATE.schema, ({ source, tasks }) => STATE.present(toSourceState(source, tasks))],
  openHealthEvents: [
    count('Health events of its APIs that no healthy event has closed.'),
    ({ tasks }) => countOpenEvents(tasks),
  ],
  apis: [list(API.schema), listApis],
})

export const COLLECTED_COLLECTOR = view<Collector & { readonly sources: readonly object[] }>()({
  id: integer(),
  name: NAME.schema,
  'category?': CATEGORY.schema,
  sources: list(COLLECTED_SOURCE.schema),
})

/** What the Collection page shows. */
export const COLLECTION = objectSchema({
  hoursSince: time('When the first of the 24 hours of eventsByHour began.'),
  collectors: list(COLLECTED_COLLECTOR.schema),
})
