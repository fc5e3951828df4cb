import type { Feature } from '../../../../shared/contract/apis.ts'
import type { EventStream } from '../events-api/event-stream.ts'
import type { Switchboard } from '../events-api/switchboard.ts'
import { AUDIT_EVENT_KINDS } from './audit-events.ts'
import { generatedStream } from './generated-stream.ts'
import { createHistory } from './history.ts'
import { ITEM_USAGE_KINDS } from './item-usages.ts'
import type { EventKind } from './made-up-event.ts'
import { SIGN_IN_KINDS } from './sign-in-attempts.ts'
import type { World } from './world.ts'

/** Events a day on the average of a week: one number for every feature, or a number for each. */
export type EventsPerDay = number | Partial<Readonly<Record<Feature, number>>>

interface GeneratedStreamsOptions {
  readonly world: World
  readonly switchboard: Switchboard
  /** When the history begins. Epoch milliseconds. */
  readonly beginMs: number
  readonly eventsPerDay: EventsPerDay
}

const KINDS: Readonly<Record<Feature, readonly EventKind[]>> = {
  signinattempts: SIGN_IN_KINDS,
  itemusages: ITEM_USAGE_KINDS,
  auditevents: AUDIT_EVENT_KINDS,
}

/** Events a day in a company of some thirty people. */
const USUAL_PER_DAY: Readonly<Record<Feature, number>> = {
  signinattempts: 300,
  itemusages: 1500,
  auditevents: 120,
}

const ratePerDay = (eventsPerDay: EventsPerDay, feature: Feature): number =>
  typeof eventsPerDay === 'number' ? eventsPerDay : (eventsPerDay[feature] ?? USUAL_PER_DAY[feature])

/** Creates streams of events that are made up from the world's seed. */
export function generatedStreams(options: GeneratedStreamsOptions): Record<Feature, EventStream> {
  const { world, switchboard, beginMs, eventsPerDay } = options
  const stream = (feature: Feature): EventStream => {
    const perDay = ratePerDay(eventsPerDay, feature)
    const kinds = KINDS[feature]
    const history = createHistory({ seed: world.seed, feature, world, kinds, perDay, beginMs })
    return generatedStream(history, switchboard.lateness(feature))
  }
  return {
    signinattempts: stream('signinattempts'),
    itemusages: stream('itemusages'),
    auditevents: stream('auditevents'),
  }
}
