import { API_NAMES } from '../../../shared/contract/apis.ts'
import { answered, listOf, type Schema, schemaRef } from './schema.ts'

const TIME: Schema = { type: 'string', format: 'date-time' }
const COUNT: Schema = { type: 'integer', minimum: 0 }

const STEPS = ['Pending', 'Started', 'Initialized', 'Authenticated', 'Collecting', 'Error']

const REACHED: Schema = {
  type: 'object',
  properties: Object.fromEntries(STEPS.map(step => [step, TIME])),
  additionalProperties: false,
  description: 'When each state was last entered since the source was last created, updated or restarted.',
}

const LEASE: Schema = {
  ...answered({ since: TIME, until: TIME }, ['since']),
  description: 'A run is collecting; without a word of it, others may from `until` on.',
}

const ERROR: Schema = {
  ...answered({
    type: { enum: ['THIRD-PARTY-CONFIG', 'THIRD-PARTY-GENERIC', 'FIRST-PARTY-GENERIC'] },
    code: {
      type: 'integer',
      description:
        "HTTP status of 1Password's answer; 0 if there was none, 500 if the trouble is on our side.",
    },
    info: { type: 'string', description: 'What happened, with the body as received, and what to do.' },
    at: TIME,
  }),
  description: 'In state Error.',
}

const RETRY: Schema = {
  ...answered(
    {
      since: { ...TIME, description: 'The first failed run.' },
      attempts: { type: 'integer', minimum: 1, description: 'Failed runs since.' },
      nextRetry: TIME,
      deadline: { ...TIME, description: 'It is given up if it fails then.' },
      gaveUp: { ...TIME, description: 'Since then it is not tried any more.' },
    },
    ['nextRetry', 'gaveUp'],
  ),
  description: 'In state Error, unless the error waits for the user from the first.',
}

const TASK = answered(
  {
    api: { enum: API_NAMES },
    state: { enum: [...STEPS, 'Stopping'] },
    since: { ...TIME, description: 'When the state was entered.' },
    reached: REACHED,
    lastSuccess: { ...TIME, description: 'When a run last ended well.' },
    lastEventTime: { type: 'string', description: 'Newest timestamp of all events delivered, as received.' },
    lagSeconds: { ...COUNT, description: 'Age of that event.' },
    cursorAgeSeconds: { ...COUNT, description: 'Time since the cursor last moved.' },
    pages: { ...COUNT, description: 'Pages delivered in all.' },
    events: { ...COUNT, description: 'Events delivered in all.' },
    lateEvents: {
      ...COUNT,
      description: 'Of these, how many were older than the newest event delivered before their page.',
    },
    lease: LEASE,
    error: ERROR,
    advice: { type: 'string', description: 'In state Error: what is to be done about it.' },
    retry: RETRY,
    tokenExpires: { ...TIME, description: 'When the API token expires, if it says so itself.' },
  },
  [
    'since',
    'lastSuccess',
    'lastEventTime',
    'lagSeconds',
    'cursorAgeSeconds',
    'lease',
    'error',
    'advice',
    'retry',
    'tokenExpires',
  ],
)

export const TASK_SCHEMAS = { Task: TASK, TaskList: answered({ tasks: listOf(schemaRef('Task')) }) }
