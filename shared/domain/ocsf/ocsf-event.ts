import type { Api } from '../../contract/apis.ts'
import { toMilliseconds } from '../stream/timestamp.ts'
import { AUDIT_BY_OBJECT, AUDIT_OF_ENTITY } from './audit.ts'
import { type BuildPart, compilePart } from './build-part.ts'
import type { Attributes } from './build-row.ts'
import { type Code, findCode, OTHER } from './codes.ts'
import type { EventClass } from './event-class.ts'
import { ITEM_USAGE } from './item-usage.ts'
import { type JsonObject, leftOver, type Place } from './members.ts'
import { findObservables } from './observables.ts'
import type { Decision, Shape } from './shape.ts'
import { SIGN_IN } from './sign-in.ts'

/** What every OCSF event has. More attributes follow from its class. */
export interface OcsfEvent {
  readonly class_uid: number
  readonly class_name: string
  readonly category_uid: number
  readonly category_name: string
  readonly activity_id: number
  readonly activity_name: string
  readonly type_uid: number
  readonly type_name: string
  readonly severity_id: number
  readonly severity: string
  /** Epoch milliseconds. */
  readonly time: number
  readonly [attribute: string]: unknown
}

export interface MappingOptions {
  /** When the event was delivered, epoch milliseconds. An event without a usable time gets this time. */
  readonly deliveredMs: number
  /** The item's text, to be kept as `raw_data`. It doubles the bytes. */
  readonly rawData?: string
}

const compiled = new Map<Shape, readonly BuildPart[]>()

function partsOf(shape: Shape): readonly BuildPart[] {
  const known = compiled.get(shape)
  if (known) return known
  const parts = shape.parts.map(compilePart)
  compiled.set(shape, parts)
  return parts
}

/** Finds how an event is mapped. */
export function findShape(api: Api, event: JsonObject): Shape {
  if (api === 'sign-in') return SIGN_IN
  if (api === 'itemUsage') return ITEM_USAGE
  return AUDIT_BY_OBJECT.get(String(event['object_type'])) ?? AUDIT_OF_ENTITY
}

function decide(event: JsonObject, { from, codes, otherwise }: Decision): Code {
  const value = from === undefined ? undefined : event[from]
  const word = typeof value === 'string' && value !== '' ? value : undefined
  const isKnown = word !== undefined && codes.byWord.has(word)
  return findCode(codes, isKnown ? word : (otherwise ?? word))
}

/** Returns the attributes that follow from a class and an activity. */
export const classify = (eventClass: EventClass, activity: Code) => ({
  activity_id: activity.id,
  activity_name: activity.caption,
  category_uid: eventClass.categoryUid,
  category_name: eventClass.categoryName,
  class_uid: eventClass.uid,
  class_name: eventClass.name,
  type_uid: eventClass.uid * 100 + activity.id,
  type_name: `${eventClass.name}: ${activity.id === OTHER ? 'Other' : activity.caption}`,
})

function readTime({ timestamp }: JsonObject, deliveredMs: number): number {
  const time = typeof timestamp === 'string' ? toMilliseconds(timestamp) : Number.NaN
  return Number.isNaN(time) ? deliveredMs : time
}

/**
 * Maps one event to OCSF. Nothing is lost: what no attribute says as it was is in `unmapped`, and words that OCSF has
 * no number for stay beside the number 99, Other.
 */
export function toOcsfEvent(
  api: Api,
  event: JsonObject,
  { deliveredMs, rawData }: MappingOptions,
): OcsfEvent {
  const shape = findShape(api, event)
  const severity = decide(event, shape.severity)
  const status = decide(event, shape.status)
  const parts: Attributes = { metadata: { logged_time: deliveredMs } }
  const copied: Place[] = []
  for (const build of partsOf(shape)) build(event, parts, copied)
  const observables = findObservables(parts)
  const unmapped = leftOver(event, copied)
  return {
    ...classify(shape.class, decide(event, shape.activity)),
    severity_id: severity.id,
    severity: severity.caption,
    status_id: status.id,
    status: status.caption,
    time: readTime(event, deliveredMs),
    ...parts,
    ...(observables.length > 0 && { observables }),
    ...(unmapped && { unmapped }),
    ...(rawData !== undefined && { raw_data: rawData }),
  }
}
