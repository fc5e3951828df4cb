import { API_NAMES, type Api } from '../../../shared/contract/apis.ts'
import type { TaskFault } from '../../../shared/domain/failure/failure.ts'
import { describeCounts, type RuleEffect } from '../../../shared/domain/rule/rule-counts.ts'
import { RULE_TYPES } from '../../../shared/domain/source/filters-setting.ts'
import { described } from '../../../shared/domain/source/shape.ts'
import type { Source } from '../../../shared/domain/source/source.ts'
import { toApiState } from '../../../shared/domain/source/source-state.ts'
import { secondsBetween, toIsoTime } from '../../../shared/domain/stream/timestamp.ts'
import type { Episode } from '../../../shared/domain/task/episode.ts'
import { taskCondition } from '../../../shared/domain/task/life.ts'
import { lagSeconds } from '../../../shared/domain/task/read-time.ts'
import { isLeased, type Task } from '../../../shared/domain/task/task.ts'
import { choice, count, integer, list, text, time } from '../openapi/schema.ts'
import { view } from '../openapi/view.ts'
import { ERROR_TYPES, STEPS } from './view.ts'

export const REACHED = {
  type: 'object',
  properties: Object.fromEntries(STEPS.map(step => [step, time()])),
  additionalProperties: false,
  description: 'When each state was last entered since the source was last created, updated or restarted.',
}

export const toIso = (epochMs: number | undefined) => (epochMs === undefined ? undefined : toIsoTime(epochMs))

/** In the order of the steps. Older items have only the time of their present state. */
function presentReached({ reachedMs = {}, state, stateSince }: Task): Readonly<Record<string, string>> {
  const reached = STEPS.map(step => [step, step === state ? stateSince : toIso(reachedMs[step])] as const)
  return Object.fromEntries(
    reached.filter((each): each is readonly [(typeof each)[0], string] => each[1] !== undefined),
  )
}

export const LEASE = view<Task>()({
  'since?': [time(), ({ leaseSinceMs }) => toIso(leaseSinceMs)],
  until: [time(), ({ leaseExpiresMs = 0 }) => toIsoTime(leaseExpiresMs)],
})

export const ERROR = view<TaskFault>()({
  type: [choice(Object.values(ERROR_TYPES)), ({ type }) => ERROR_TYPES[type]],
  code: integer({
    description:
      "HTTP status of the answer of 1Password, or of the collector's destination; 0 if there was none, 500 if the trouble is on our side.",
  }),
  info: text({ description: 'What happened, with the body as received, and what to do.' }),
  at: time(),
})

export const RETRY = view<Episode>()({
  since: [time('The first failed run.'), ({ startedMs }) => toIsoTime(startedMs)],
  attempts: integer({ minimum: 1, description: 'Failed runs since.' }),
  'nextRetry?': [time(), ({ nextRetryMs, quitMs }) => toIso(quitMs === undefined ? nextRetryMs : undefined)],
  'gaveUp?': [time('Since then it is not tried any more.'), ({ quitMs }) => toIso(quitMs)],
  deadline: [time('It is given up if it fails then.'), ({ deadlineMs }) => toIsoTime(deadlineMs)],
})

const FILTER_EFFECT = view<RuleEffect>()({
  name: text(),
  filterType: choice(RULE_TYPES),
  'dropped?': count(
    'Of an Exclude rule: events that it dropped. Of an Include rule: events that no Include rule matched, the same number for each.',
  ),
  'changed?': count('Of a Mask or Hash rule: events that it changed.'),
})

/** The error says what happened. This says what the user must do about it. */
const createAdvice = (task: Task): string =>
  taskCondition(task) === 'retrying'
    ? 'It is tried again by itself until the deadline; restart the source to have it tried at once.'
    : 'Nothing is collected until the source is updated or restarted: mend what the error says, then do that.'

/** Returns the task, if there is one, with what it says about the present version of its source. */
export function findShown(source: Source, api: Api, task: Task | undefined, nowMs: number) {
  const { state, error } = toApiState(task, source)
  const current = task?.state === state ? task : undefined
  const failed = error && task
  return {
    ...task,
    ...{ api, state, error, nowMs },
    since: current?.stateSince,
    reached: current ? presentReached(current) : {},
    advice: failed && createAdvice(failed),
    retry: failed?.episode,
    filters: source.filters && describeCounts(source.filters, task?.filtered),
    tokenExpires: task?.version === source.version ? task.tokenExpires : undefined,
    lagSeconds: task && lagSeconds(task, nowMs),
    lease: task && isLeased(task, nowMs) ? task : undefined,
  }
}

/** Our extension: how one API of a source is doing. What is not known yet is left out. */
export const TASK = view<ReturnType<typeof findShown>>()({
  api: choice(API_NAMES),
  state: choice([...STEPS, 'Stopping']),
  'since?': time('When the state was entered.'),
  reached: REACHED,
  'error?': described(ERROR, 'In state Error.'),
  'advice?': text({ description: 'In state Error: what is to be done about it.' }),
  'retry?': described(RETRY, 'In state Error, unless the error waits for the user from the first.'),
  'tokenExpires?': time('When the API token expires, if it says so itself.'),
  'lastSuccess?': [time('When a run last ended well.'), ({ lastSuccessAt }) => lastSuccessAt],
  'lastEventTime?': text({
    description: 'Newest timestamp of all events delivered, as received, that was not in the future then.',
  }),
  'lagSeconds?': count('Age of that event. While events are unread: since when all is known to be read.'),
  'cursorAgeSeconds?': [
    count('Time since the cursor last moved.'),
    ({ cursorSinceMs: since, nowMs }) => (since === undefined ? undefined : secondsBetween(since, nowMs)),
  ],
  pages: [count('Pages delivered in all.'), ({ pages = 0 }) => pages],
  events: [count('Events delivered in all.'), ({ events = 0 }) => events],
  lateEvents: [
    count('Of these, how many were older than the newest event delivered before their page.'),
    ({ lateEvents = 0 }) => lateEvents,
  ],
  'filters?': [
    list(FILTER_EFFECT.schema),
    ({ filters }) => filters?.map(effect => FILTER_EFFECT.present(effect)),
  ],
  'lease?': described(LEASE, 'A run is collecting; without a word of it, others may from `until` on.'),
})

export const presentTask = (...given: Parameters<typeof findShown>) => TASK.present(findShown(...given))
