import { createHash } from 'node:crypto'
import { APIS, type Api } from '../../contract/apis.ts'
import { HEALTH_CHANGE } from '../../contract/events.ts'
import type { FaultType } from '../failure/classification.ts'
import type { TaskFault } from '../failure/failure.ts'

export type HealthStatus = 'UnHealthy' | 'Healthy'

/** `Error`: nothing is collected. `Warning`: it is, and something needs attention. */
export type Severity = 'Error' | 'Warning'

/** Of the source (reference/sumo-api §3.2): ids are 16 upper-case hex digits. */
export interface ResourceIdentity {
  readonly collectorId: string
  readonly collectorName: string
  readonly id: string
  readonly name: string
  readonly type: 'SourceResource'
}

export interface HealthDetails {
  /** What a healthy event has in common with the one that it closes. */
  readonly trackerId: string
  /** A short title, under both names that readers look for (reference/sumo-api §3.2). */
  readonly error: string
  readonly name: string
  readonly description: string
  readonly api: Api
  readonly errorCode?: string
}

/** A Health-Change event as it travels on the bus (reference/sumo-api §3.5). */
export interface HealthEvent {
  readonly status: HealthStatus
  readonly details: HealthDetails
  readonly eventType: typeof HEALTH_CHANGE
  readonly severityLevel: Severity
  readonly accountId: string
  readonly eventId: string
  readonly eventName: string
  readonly eventTime: string
  readonly eventFormatVersion: '1.0'
  readonly subsystem: 'Collection'
  readonly resourceIdentity: ResourceIdentity
}

/** Of which task an event speaks, and how a person knows its source. */
export interface HealthSubject {
  readonly collectorId: number
  readonly sourceId: number
  readonly api: Api
  readonly collectorName: string
  readonly sourceName: string
}

/** What the original calls a resource whose name it does not know (reference/sumo-api §3.3). */
export const UNKNOWN_NAME = 'Unknown'

/** We know no account of the original. */
const ACCOUNT_ID = '0'.repeat(16)

/** An id as health events write it. */
export const healthId = (id: number): string => id.toString(16).toUpperCase().padStart(16, '0')

/** How health events spell the types (reference/sumo-api §2.3). */
const healthEventName = (type: FaultType) => `${type}Error` as const

/** One per API, so that each has trouble of its own: at most one event is open per source and tracker. */
const trackerIdOf = (type: FaultType, api: Api): string => `${healthEventName(type)}/${api}`

/** A UUID that follows from the change itself: told again, it is the same event. */
function eventIdOf({ sourceId }: HealthSubject, { trackerId, status, at, number }: Told): string {
  const digest = createHash('sha256').update(JSON.stringify([sourceId, trackerId, status, at, number]))
  const bytes = digest.digest().subarray(0, 16)
  // RFC 9562: version 8 (its bits are ours), variant 10.
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

interface Told {
  /** The how-manieth change of the task. */
  readonly number: number
  readonly status: HealthStatus
  /** A recovery has the severity of its trouble: who is told of the one hears of the other. */
  readonly severity: Severity
  readonly trackerId: string
  readonly eventName: string
  readonly at: string
  readonly title: string
  readonly description: string
  readonly errorCode?: string
}

/** A change as the bus carries it. */
export function healthEvent(subject: HealthSubject, told: Told): HealthEvent {
  const { status, severity, trackerId, eventName, at, description, errorCode } = told
  const error = `${APIS[subject.api].title}: ${told.title}`
  return {
    status,
    details: {
      ...{ trackerId, error, name: error, description, api: subject.api },
      ...(errorCode !== undefined && { errorCode }),
    },
    eventType: HEALTH_CHANGE,
    severityLevel: severity,
    accountId: ACCOUNT_ID,
    eventId: eventIdOf(subject, told),
    eventName,
    eventTime: at,
    eventFormatVersion: '1.0',
    subsystem: 'Collection',
    resourceIdentity: {
      collectorId: healthId(subject.collectorId),
      collectorName: subject.collectorName,
      id: healthId(subject.sourceId),
      name: subject.sourceName,
      type: 'SourceResource',
    },
  }
}

const TITLES: Readonly<Record<FaultType, string>> = {
  ThirdPartyConfig: 'not collected until the source is updated or restarted',
  ThirdPartyGeneric: '1Password does not answer as it should',
  FirstPartyGeneric: 'the collection itself fails',
}

const GIVEN_UP = 'given up: not collected until the source is updated or restarted'

/** Trouble begins. The description is the task's own error text. */
export const unhealthyEvent = (
  subject: HealthSubject,
  { type, code, info, at }: TaskFault,
  number: number,
  quit = false,
): HealthEvent =>
  healthEvent(subject, {
    number,
    status: 'UnHealthy',
    severity: 'Error',
    trackerId: trackerIdOf(type, subject.api),
    eventName: healthEventName(type),
    at,
    title: quit ? GIVEN_UP : TITLES[type],
    description: info,
    errorCode: String(code),
  })

/** Why trouble is over. */
export type HealthyReason = 'collecting' | 'changed' | 'quit' | 'removed' | 'deleted'

export const REASONS: Readonly<Record<HealthyReason, readonly [title: string, description: string]>> = {
  collecting: ['collected again', 'The last run ended well.'],
  changed: ['the error has changed', 'Another error has taken the place of this one.'],
  quit: ['the error is final', 'It is tried no more: an event that says so has taken the place of this one.'],
  removed: ['not collected any more', 'The API was taken out of the source.'],
  deleted: ['not collected any more', 'The source was deleted.'],
}

/** The trouble whose event is open. */
export interface OpenTrouble {
  readonly type: FaultType
  /** Its event's time. */
  readonly since: string
  /** It is given up. */
  readonly quit?: true
}

export interface Recovery {
  readonly reason: HealthyReason
  readonly at: string
}

/** Trouble is over. */
export function healthyEvent(
  subject: HealthSubject,
  { type, since }: OpenTrouble,
  { reason, at }: Recovery,
  number: number,
): HealthEvent {
  const [title, why] = REASONS[reason]
  return healthEvent(subject, {
    number,
    status: 'Healthy',
    severity: 'Error',
    trackerId: trackerIdOf(type, subject.api),
    eventName: 'TrackerHealthy',
    at,
    title,
    description: `${why} The error had lasted since ${since}.`,
  })
}
