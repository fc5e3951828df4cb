import { API_NAMES, type Api } from '../../../shared/contract/apis.ts'
import type { TaskFault } from '../../../shared/domain/failure/failure.ts'
import type { Source } from '../../../shared/domain/source/source.ts'
import { type SourceState, toApiState } from '../../../shared/domain/source/source-state.ts'
import { ageSeconds, secondsBetween, toIsoTime } from '../../../shared/domain/stream/timestamp.ts'
import type { Episode } from '../../../shared/domain/task/episode.ts'
import { taskCondition } from '../../../shared/domain/task/life.ts'
import { isLeased, type Task } from '../../../shared/domain/task/task.ts'
import { choice, count, integer, text, time } from '../openapi/schema.ts'
import { view } from '../openapi/view.ts'
import { ERROR_TYPES, STEPS } from './view.ts'

const REACHED = {
  type: 'object',
  properties: Object.fromEntries(STEPS.map(step => [step, time()])),
  additionalProperties: false,
  description: 'When each state was last entered since the source was last created, updated or restarted.',
}

/** Older items have only the time of their present state. */
const presentReached = ({ reachedMs = {}, state, stateSince }: Task) => ({
  ...Object.fromEntries(Object.entries(reachedMs).map(([reached, epochMs]) => [reached, toIsoTime(epochMs)])),
  ...(state !== 'Stopping' && { [state]: stateSince }),
})

const toIso = (epochMs: number | undefined) => (epochMs === undefined ? undefined : toIsoTime(epochMs))

const LEASE = view<Task>()({
  'since?': [time(), ({ leaseSinceMs }) => toIso(leaseSinceMs)],
  until: [time(), ({ leaseExpiresMs = 0 }) => toIsoTime(leaseExpiresMs)],
})

const ERROR = view<TaskFault>()({
  type: [choice(Object.values(ERROR_TYPES)), ({ type }) => ERROR_TYPES[type]],
  code: integer({
    description: "HTTP status of 1Password's answer; 0 if there was none, 500 if the trouble is on our side.",
  }),
  info: text({ description: 'What happened, with the body as received, and what to do.' }),
  at: time(),
})

const RETRY = view<Episode>()({
  since: [time('The first failed run.'), ({ startedMs }) => toIsoTime(startedMs)],
  attempts: integer({ minimum: 1, description: 'Failed runs since.' }),
  'nextRetry?': [time(), ({ nextRetryMs, quitMs }) => toIso(quitMs === undefined ? nextRetryMs : undefined)],
  'gaveUp?': [time('Since then it is not tried any more.'), ({ quitMs }) => toIso(quitMs)],
  deadline: [time('It is given up if it fails then.'), ({ deadlineMs }) => toIsoTime(deadlineMs)],
})

/** The error says what happened. This says what the user must do about it. */
const createAdvice = (task: Task): string =>
  taskCondition(task) === 'retrying'
    ? 'It is tried again by itself until the deadline; restart the source to have it tried at once.'
    : 'Nothing is collected until the source is updated or restarted: mend what the error says, then do that.'

interface Seen extends SourceState {
  readonly source: Source
  readonly api: Api
  readonly task: Task | undefined
  readonly nowMs: number
  /** The task, if its state is that of the present version of the source. */
  readonly current: Task | undefined
  /** The task, if it shows an error. */
  readonly failed: Task | undefined
}

/** Our extension: how one API of a source is doing. What is not known yet is left out. */
export const TASK = view<Seen>()({
  api: choice(API_NAMES),
  state: choice([...STEPS, 'Stopping']),
  'since?': [time('When the state was entered.'), ({ current }) => current?.stateSince],
  reached: [REACHED, ({ current }) => (current ? presentReached(current) : {})],
  'error?': [
    { ...ERROR.schema, description: 'In state Error.' },
    ({ failed, error }) => failed && error && ERROR.present(error),
  ],
  'advice?': [
    text({ description: 'In state Error: what is to be done about it.' }),
    ({ failed }) => failed && createAdvice(failed),
  ],
  'retry?': [
    { ...RETRY.schema, description: 'In state Error, unless the error waits for the user from the first.' },
    ({ failed }) => failed?.episode && RETRY.present(failed.episode),
  ],
  'tokenExpires?': [
    time('When the API token expires, if it says so itself.'),
    ({ source, task }) => (task && task.version === source.version ? task.tokenExpires : undefined),
  ],
  'lastSuccess?': [time('When a run last ended well.'), ({ task }) => task?.lastSuccessAt],
  'lastEventTime?': [
    text({ description: 'Newest timestamp of all events delivered, as received.' }),
    ({ task }) => task?.lastEventTime,
  ],
  'lagSeconds?': [
    count('Age of that event.'),
    ({ task, nowMs }) =>
      task?.lastEventTime === undefined ? undefined : ageSeconds(task.lastEventTime, nowMs),
  ],
  'cursorAgeSeconds?': [
    count('Time since the cursor last moved.'),
    ({ task, nowMs }) =>
      task?.cursorSinceMs === undefined ? undefined : secondsBetween(task.cursorSinceMs, nowMs),
  ],
  pages: [count('Pages delivered in all.'), ({ task }) => task?.pages ?? 0],
  events: [count('Events delivered in all.'), ({ task }) => task?.events ?? 0],
  lateEvents: [
    count('Of these, how many were older than the newest event delivered before their page.'),
    ({ task }) => task?.lateEvents ?? 0,
  ],
  'lease?': [
    {
      ...LEASE.schema,
      description: 'A run is collecting; without a word of it, others may from `until` on.',
    },
    ({ task, nowMs }) => (task && isLeased(task, nowMs) ? LEASE.present(task) : undefined),
  ],
})

export function presentTask(source: Source, api: Api, task: Task | undefined, nowMs: number) {
  const seen = toApiState(task, source)
  const current = task?.state === seen.state ? task : undefined
  return TASK.present({ ...seen, source, api, task, nowMs, current, failed: seen.error && task })
}
