import { hash } from 'node:crypto'
import { APIS, type Api } from '../../contract/apis.ts'
import { HEALTH_CHANGE } from '../../contract/events.ts'
import type { FaultType } from '../failure/classification.ts'
import type { TaskFault } from '../failure/failure.ts'
import { keptText } from '../failure/shown-text.ts'

type HealthStatus = 'UnHealthy' | 'Healthy'

/** `Error`: nothing is collected. `Warning`: events are collected, and something needs attention. */
type Severity = 'Error' | 'Warning'

/** Names the source (docs/reference/management-api.md, "Health event"). Ids are 16 upper-case hex digits. */
export interface ResourceIdentity {
  readonly collectorId: string
  readonly collectorName: string
  readonly id: string
  readonly name: string
  readonly type: 'SourceResource'
}

export interface HealthDetails {
  /** A healthy event has the tracker id of the event that it closes. */
  readonly trackerId: string
  /** A short title, under both names that readers look for (docs/reference/management-api.md, "Health event"). */
  readonly error: string
  readonly name: string
  readonly description: string
  readonly api: Api
  readonly errorCode?: string
}

/** A Health-Change event as it travels on the bus (docs/reference/management-api.md, "Health event"). */
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

/** The task that an event is about, and the names by which people know its source. */
export interface HealthSubject {
  readonly collectorId: number
  readonly sourceId: number
  readonly api: Api
  readonly collectorName: string
  readonly sourceName: string
}

/** The name of a resource whose name cannot be read (docs/reference/management-api.md, "Health event"). */
export const UNKNOWN_NAME = 'Unknown'

/** The original puts an account id here. We have none. */
const ACCOUNT_ID = '0'.repeat(16)

/** Returns an id in the form that health events use. */
export const healthId = (id: number): string => id.toString(16).toUpperCase().padStart(16, '0')

/** Returns an error type in the spelling of health events (docs/reference/management-api.md, "Error types"). */
const healthEventName = (type: FaultType) => `${type}Error` as const

/** Each API has trackers of its own. At most one event is open per source and tracker. */
const toTrackerId = (type: FaultType, api: Api): string => `${healthEventName(type)}/${api}`

/** Computes a UUID from the change alone, so that a change that is published again is the same event. */
function computeEventId({ sourceId }: HealthSubject, { trackerId, status, at, number }: EventFacts): string {
  const digest = hash('sha256', JSON.stringify([sourceId, trackerId, status, at, number]), 'buffer')
  const bytes = digest.subarray(0, 16)
  // RFC 9562: version 8 (its bits are ours), variant 10.
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

interface EventFacts {
  /** Counts the changes of the task from 1. */
  readonly number: number
  readonly status: HealthStatus
  /** A recovery has the severity of its trouble, so that a filter by severity passes both events or none. */
  readonly severity: Severity
  readonly trackerId: string
  readonly eventName: string
  readonly at: string
  readonly title: string
  readonly description: string
  readonly errorCode?: string
}

/** Creates a health event. */
export function healthEvent(subject: HealthSubject, facts: EventFacts): HealthEvent {
  const { status, severity, trackerId, eventName, at, errorCode } = facts
  const description = keptText(facts.description)
  const error = `${APIS[subject.api].title}: ${facts.title}`
  return {
    status,
    details: {
      ...{ trackerId, error, name: error, description, api: subject.api },
      ...(errorCode !== undefined && { errorCode }),
    },
    eventType: HEALTH_CHANGE,
    severityLevel: severity,
    accountId: ACCOUNT_ID,
    eventId: computeEventId(subject, facts),
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

/** Creates the event of trouble that begins. Its description is the error text of the task. */
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
    trackerId: toTrackerId(type, subject.api),
    eventName: healthEventName(type),
    at,
    title: quit ? GIVEN_UP : TITLES[type],
    description: info,
    errorCode: String(code),
  })

/** The reason why trouble is over. */
type HealthyReason = 'collecting' | 'looked' | 'changed' | 'quit' | 'removed' | 'deleted'

export const REASONS: Readonly<Record<HealthyReason, readonly [title: string, description: string]>> = {
  collecting: ['collected again', 'The last run ended well.'],
  looked: ['restarted by itself', '1Password was asked again, and takes the API token.'],
  changed: ['the error has changed', 'Another error has taken the place of this one.'],
  quit: ['the error is final', 'It is tried no more: an event that says so has taken the place of this one.'],
  removed: ['not collected any more', 'The API was taken out of the source.'],
  deleted: ['not collected any more', 'The source was deleted.'],
}

/** Trouble whose health event is open. */
export interface OpenTrouble {
  readonly type: FaultType
  /** The time of the event. */
  readonly since: string
  /** The task is given up. */
  readonly quit?: true
}

export interface Recovery {
  readonly reason: HealthyReason
  readonly at: string
}

/** Creates the event of trouble that is over. */
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
    trackerId: toTrackerId(type, subject.api),
    eventName: 'TrackerHealthy',
    at,
    title,
    description: `${why} The error had lasted since ${since}.`,
  })
}
