import type { Defect } from './defect.ts'
import {
  altering,
  careless,
  commitFirst,
  contented,
  credulous,
  doubledName,
  forgetful,
  hastyMove,
  keyOfAttempt,
  keyOfCursor,
  overwriting,
  rash,
  trustedTable,
  unfenced,
  unleased,
} from './delivery-defects.ts'
import {
  manyExecutions,
  movingDeadline,
  noOverdueWorkCheck,
  tickInEpisode,
  unhalted,
  unraisedFence,
} from './episode-defects.ts'
import type { Rates } from './fault-plan.ts'
import type { Fault } from './faults.ts'
import {
  deafToRestart,
  helpless,
  ignoredEntries,
  keptSecret,
  loggedAnswer,
  loggedToken,
  noLooks,
  stillUnhealthy,
  stubborn,
  unconfirmed,
  unproved,
  unrecorded,
  untold,
} from './other-defects.ts'

import { gullible, nearsighted } from './time-defects.ts'

/** A defect, the faults that show it, and the number of seeds (of one day) within which the checks must find it. */
export interface Hunt {
  readonly defect: Defect
  readonly faults: readonly Fault[]
  readonly within: number
  /** Rates that replace the usual ones, if two rare faults must coincide. */
  readonly rates?: Rates
  /** The invariant that it breaks. */
  readonly breaks: RegExp
}

const RETRIES: readonly Fault[] = ['api-outages', 'executions-doubled', 'executions-lost', 'events-doubled']

export const HUNTS: Readonly<Record<string, Hunt>> = {
  'commit before delivery': {
    defect: commitFirst,
    faults: ['kills'],
    within: 3,
    breaks: /delivered before it is committed/,
  },
  'a lease without a fence': {
    defect: unfenced,
    faults: ['api-errors', 'api-outages', 'invocations-failed', 'calls-slow'],
    rates: { 'api-errors': 0.5, 'invocations-failed': 0.5, 'calls-slow': 0.5 },
    within: 5,
    breaks: /no two runs of one task commit/,
  },
  'a lease that anybody takes': {
    defect: unleased,
    faults: ['events-doubled', 'calls-slow', 'ticks-doubled'],
    rates: { 'events-doubled': 0.3, 'calls-slow': 0.3 },
    within: 5,
    breaks: /one run of a task at a time/,
  },
  "a key with the attempt's clock": {
    defect: keyOfAttempt,
    faults: ['kills', 'answers-lost'],
    rates: { kills: 0.2, 'answers-lost': 0.05 },
    within: 5,
    breaks: /doubled|gap or fork/,
  },
  'a key of the cursor that a page was asked with': {
    defect: keyOfCursor,
    faults: ['writes-stray', 'api-cursors'],
    rates: { 'writes-stray': 0.3 },
    within: 5,
    breaks: /doubled|gap or fork/,
  },
  'a restored table that is taken for the truth': {
    defect: trustedTable,
    faults: ['tables-restored'],
    within: 5,
    breaks: /doubled|gap or fork/,
  },
  'another base URL without an overlap': {
    defect: hastyMove,
    faults: ['base-urls'],
    within: 5,
    breaks: /nothing is lost/,
  },
  'a cursor that is thrown away for one refusal': {
    defect: rash,
    faults: ['api-400s'],
    within: 5,
    breaks: /after two refusals/,
  },
  'a cursor that leads back and is followed': {
    defect: credulous,
    faults: ['api-rewinds'],
    within: 5,
    breaks: /nothing is lost|gap or fork|doubled/,
  },
  'no If-None-Match': {
    defect: overwriting,
    faults: ['answers-lost'],
    rates: { 'answers-lost': 0.15 },
    within: 5,
    breaks: /never overwritten/,
  },
  'an overlap that is not dropped': {
    defect: forgetful,
    faults: ['api-cursors'],
    within: 5,
    breaks: /nothing is doubled/,
  },
  'a walk along the ledger that ends too early': {
    defect: contented,
    faults: ['api-cursors', 'calls-refused'],
    rates: { 'calls-refused': 0.1 },
    within: 5,
    breaks: /nothing is doubled/,
  },
  'a new chain that begins at a time ahead': {
    defect: gullible,
    faults: ['odd-times', 'api-blackouts'],
    within: 10,
    breaks: /nothing is lost/,
  },
  'events dated far ahead that are forgotten': {
    defect: nearsighted,
    faults: ['odd-times', 'api-cursors'],
    within: 5,
    breaks: /nothing is doubled/,
  },
  'unreadable items that are dropped': {
    defect: careless,
    faults: ['api-damage'],
    within: 3,
    breaks: /nothing is lost/,
  },
  'events that are parsed and written anew': {
    defect: altering,
    faults: [],
    within: 3,
    breaks: /unaltered/,
  },
  'metadata under a name that the event has': {
    defect: doubledName,
    faults: [],
    within: 3,
    breaks: /no name that a line has already/,
  },
  'failed PutEvents entries that are ignored': {
    defect: ignoredEntries,
    faults: ['bus-entries', 'api-errors', 'api-outages'],
    rates: { 'bus-entries': 0.3, 'api-errors': 0.3 },
    within: 5,
    breaks: /what is recorded is published/,
  },
  'a deadline from the last failure': {
    defect: movingDeadline,
    faults: ['api-outages'],
    within: 5,
    breaks: /between 90 and 92 minutes|contradict/,
  },
  'a tick that dispatches tasks in an episode': {
    defect: tickInEpisode,
    faults: RETRIES,
    within: 3,
    breaks: /one execution's/,
  },
  'a second execution that goes on': {
    defect: manyExecutions,
    faults: RETRIES,
    within: 5,
    breaks: /one execution's|between 90/,
  },
  'giving up without raising the fence': {
    defect: unraisedFence,
    faults: ['runs-doubled', 'kills', 'calls-slow'],
    rates: { 'runs-doubled': 0.3, kills: 0.3, 'calls-slow': 0.3 },
    within: 5,
    breaks: /no two runs of one task commit/,
  },
  'episodes that nobody watches': {
    defect: noOverdueWorkCheck,
    faults: RETRIES,
    within: 5,
    breaks: /between 90|Collecting/,
  },
  'halted tasks that are collected': {
    defect: unhalted,
    faults: ['api-refusals', 'users'],
    within: 5,
    breaks: /halted task makes no run/,
  },
  'health that is published and not recorded': {
    defect: unrecorded,
    faults: ['api-errors', 'api-outages'],
    within: 3,
    breaks: /recorded before it is published/,
  },
  'health that is recorded and not published': {
    defect: untold,
    faults: ['api-errors', 'api-outages'],
    within: 3,
    breaks: /what is recorded is published/,
  },
  'a deletion that leaves the token': {
    defect: keptSecret,
    faults: ['users'],
    within: 10,
    breaks: /leaves nothing/,
  },
  'a log line with the token in it': {
    defect: loggedToken,
    faults: [],
    within: 3,
    breaks: /no token/,
  },
  'a 401 that nobody confirms': {
    defect: unconfirmed,
    faults: ['api-refused-once'],
    rates: { 'api-refused-once': 0.1 },
    within: 3,
    breaks: /good token is not displaced/,
  },
  'a task that nobody looks at': {
    defect: noLooks,
    faults: ['api-refusals-passing'],
    within: 5,
    breaks: /found by a look/,
  },
  'a log line with an answer in it that a proxy has made of the token': {
    defect: loggedAnswer,
    faults: ['api-reflections'],
    within: 3,
    breaks: /no token/,
  },
  'an outage that is taken for a refusal': {
    defect: helpless,
    faults: ['api-errors', 'api-outages'],
    within: 5,
    breaks: /what passes needs no help/,
  },
  'a token written by hand that is not proved': {
    defect: unproved,
    faults: ['secrets-by-hand'],
    within: 12,
    breaks: /a config error makes no call|every event is one of the account/,
  },
  'a refusal that is taken for an outage': {
    defect: stubborn,
    faults: ['api-refusals'],
    within: 5,
    breaks: /a config error makes no call/,
  },
  'a recovery that leaves the health event open': {
    defect: stillUnhealthy,
    faults: ['api-errors', 'api-outages'],
    within: 5,
    breaks: /contradict/,
  },
  'a restart that is not heard': {
    defect: deafToRestart,
    faults: ['users', 'api-refusals', 'api-outages'],
    within: 5,
    breaks: /Collecting/,
  },
}
