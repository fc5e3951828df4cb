import {
  cursorInMetadata,
  hastyStep,
  largePageSkipped,
  mendedPage,
  wholeAnswer,
  wholeShare,
} from './answer-defects.ts'
import type { Hunt } from './defect.ts'
import { unfenced } from './delivery-defects.ts'
import { anyEpisode } from './episode-defects.ts'
import {
  hastyPut,
  silentUpdate,
  unreadIsMissing,
  waitingForDeleted,
  waitingForReach,
  writtenBack,
} from './storage-defects.ts'

/** Defects of how the product meets stores, clocks and answers that are not as they should be. */
export const WEATHER_HUNTS: Readonly<Record<string, Hunt>> = {
  'a put in progress that is taken for done': {
    defect: hastyPut,
    faults: ['puts-in-progress'],
    rates: { 'puts-in-progress': 0.3 },
    within: 3,
    breaks: /delivered before it is committed/,
  },
  'an object that is gone and waited for': {
    defect: waitingForDeleted,
    faults: ['objects-deleted', 'api-cursors'],
    within: 5,
    breaks: /Collecting|given up/,
  },
  'an object that is out of reach and waited for': {
    defect: waitingForReach,
    faults: ['objects-out-of-reach', 'api-cursors', 'kills'],
    rates: { kills: 0.2 },
    within: 8,
    breaks: /Collecting|given up/,
  },
  'a new token for a secret that is gone': {
    defect: silentUpdate,
    faults: ['secrets-deleted'],
    within: 5,
    breaks: /Collecting/,
  },
  'unread keys that are taken for missing': {
    defect: unreadIsMissing,
    faults: ['keys-unprocessed'],
    within: 3,
    breaks: /not taken for gone/,
  },
  'a tick that writes back what its scan has seen': {
    defect: writtenBack,
    faults: ['scans-stale', 'ticks-doubled', 'ticks-delayed', 'users', 'api-errors'],
    rates: { 'scans-stale': 0.7, 'ticks-doubled': 0.7, 'api-errors': 0.3 },
    within: 6,
    breaks: /no two runs of one task commit|gap or fork|alternate|one event/,
  },
  'an execution that takes any episode': {
    defect: anyEpisode,
    faults: ['events-hours-late', 'api-outages', 'api-errors'],
    rates: { 'events-hours-late': 0.3, 'api-errors': 0.5 },
    within: 5,
    breaks: /one execution's/,
  },
  'a lease that only the clocks keep': {
    defect: unfenced,
    faults: ['clocks-minutes', 'calls-slow'],
    rates: { 'clocks-minutes': 0.5, 'calls-slow': 0.5 },
    within: 5,
    breaks: /no two runs of one task commit/,
  },
  'an error that is kept at full length': {
    defect: wholeAnswer,
    faults: ['api-large-answers'],
    rates: { 'api-large-answers': 0.3 },
    within: 3,
    breaks: /above a limit of AWS/,
  },
  'a cursor of any length in the metadata': {
    defect: cursorInMetadata,
    faults: ['api-long-cursors'],
    within: 3,
    breaks: /above a limit of AWS/,
  },
  'a page that ends early and is taken for whole': {
    defect: mendedPage,
    faults: ['api-torn-pages'],
    rates: { 'api-torn-pages': 0.3 },
    within: 3,
    breaks: /nothing is lost/,
  },
  'events that are stepped over at once': {
    defect: hastyStep,
    faults: ['api-torn-pages'],
    rates: { 'api-torn-pages': 0.6 },
    within: 5,
    breaks: /nothing is lost/,
  },
  'a page too large that is left out': {
    defect: largePageSkipped,
    faults: ['api-large-pages'],
    within: 5,
    breaks: /nothing is lost/,
  },
  'an API that asks as if it were alone': {
    defect: wholeShare,
    faults: ['api-rate-limit'],
    within: 8,
    breaks: /within the limits of an account/,
  },
}
