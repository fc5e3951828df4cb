import type { Feature } from '../../../../shared/contract/apis.ts'
import { eventFileStreams } from '../event-files.ts'
import type { EventStream } from '../events-api/event-stream.ts'
import type { Switchboard } from '../events-api/switchboard.ts'
import { AUDIT_KINDS } from './audit-events.ts'
import type { EventKind } from './event-kind.ts'
import { generatedStream } from './generated-stream.ts'
import { eventLog } from './history.ts'
import { ITEM_USAGE_KINDS } from './item-usages.ts'
import { SIGN_IN_KINDS } from './sign-in-attempts.ts'
import type { World } from './world.ts'

/** Events a day, on the average of a week: of every feature, or of each by its name. */
export type EventsPerDay = number | Partial<Readonly<Record<Feature, number>>>

export interface StreamOptions {
  readonly world: World
  readonly switchboard: Switchboard
  readonly beginMs: number
  readonly eventsPerDay: EventsPerDay
  readonly eventFiles: readonly string[]
}

const KINDS: Readonly<Record<Feature, readonly EventKind[]>> = {
  signinattempts: SIGN_IN_KINDS,
  itemusages: ITEM_USAGE_KINDS,
  auditevents: AUDIT_KINDS,
}

/** A company of some thirty people. */
const USUAL_PER_DAY: Readonly<Record<Feature, number>> = {
  signinattempts: 300,
  itemusages: 1500,
  auditevents: 120,
}

const perDayOf = (eventsPerDay: EventsPerDay, feature: Feature): number =>
  typeof eventsPerDay === 'number' ? eventsPerDay : (eventsPerDay[feature] ?? USUAL_PER_DAY[feature])

function generated(
  { world, switchboard, beginMs, eventsPerDay }: StreamOptions,
  feature: Feature,
): EventStream {
  const perDay = perDayOf(eventsPerDay, feature)
  const log = eventLog({ seed: world.seed, feature, world, kinds: KINDS[feature], perDay, beginMs })
  return generatedStream(log, switchboard.lateness(feature))
}

/** What the account has to tell: its files' events if it was given files, else a history made from its seed. */
export async function eventStreams(options: StreamOptions): Promise<Record<Feature, EventStream>> {
  if (options.eventFiles.length > 0) return await eventFileStreams(options.eventFiles)
  return {
    signinattempts: generated(options, 'signinattempts'),
    itemusages: generated(options, 'itemusages'),
    auditevents: generated(options, 'auditevents'),
  }
}
