import { API_NAMES } from '../../../shared/contract/apis.ts'
import { ERROR_TYPES } from '../sources/present.ts'
import { answered, count, integer, listOf, named, oneOf, text, time } from './schema.ts'

const STEPS = ['Pending', 'Started', 'Initialized', 'Authenticated', 'Collecting', 'Error'] as const

const REACHED = {
  type: 'object',
  properties: Object.fromEntries(STEPS.map(step => [step, time()])),
  additionalProperties: false,
  description: 'When each state was last entered since the source was last created, updated or restarted.',
}

const LEASE = {
  ...answered({ 'since?': time(), until: time() }),
  description: 'A run is collecting; without a word of it, others may from `until` on.',
}

const ERROR = {
  ...answered({
    type: oneOf(Object.values(ERROR_TYPES)),
    code: integer({
      description:
        "HTTP status of 1Password's answer; 0 if there was none, 500 if the trouble is on our side.",
    }),
    info: text({ description: 'What happened, with the body as received, and what to do.' }),
    at: time(),
  }),
  description: 'In state Error.',
}

const RETRY = {
  ...answered({
    since: time('The first failed run.'),
    attempts: integer({ minimum: 1, description: 'Failed runs since.' }),
    'nextRetry?': time(),
    deadline: time('It is given up if it fails then.'),
    'gaveUp?': time('Since then it is not tried any more.'),
  }),
  description: 'In state Error, unless the error waits for the user from the first.',
}

export const TASK = answered({
  api: oneOf(API_NAMES),
  state: oneOf([...STEPS, 'Stopping']),
  'since?': time('When the state was entered.'),
  reached: REACHED,
  'lastSuccess?': time('When a run last ended well.'),
  'lastEventTime?': text({ description: 'Newest timestamp of all events delivered, as received.' }),
  'lagSeconds?': count('Age of that event.'),
  'cursorAgeSeconds?': count('Time since the cursor last moved.'),
  pages: count('Pages delivered in all.'),
  events: count('Events delivered in all.'),
  lateEvents: count('Of these, how many were older than the newest event delivered before their page.'),
  'lease?': LEASE,
  'error?': ERROR,
  'advice?': text({ description: 'In state Error: what is to be done about it.' }),
  'retry?': RETRY,
  'tokenExpires?': time('When the API token expires, if it says so itself.'),
})

export const TASK_SCHEMAS = { Task: TASK, TaskList: answered({ tasks: listOf(named('Task', TASK)) }) }
