import { API_NAMES, type Api } from '../../contract/apis.ts'
import {
  type CollectionDue,
  DUE_REASONS,
  type DueReason,
  type SourceStopping,
  type TaskAddress,
  type TickSegment,
} from '../../contract/events.ts'
import { TICK_SEGMENTS } from '../../contract/limits.ts'

const isApi = (value: unknown): value is Api => API_NAMES.some(api => api === value)

const isReason = (value: unknown): value is DueReason => DUE_REASONS.some(reason => reason === value)

function integer(value: unknown, member: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw new TypeError(`${member} must be an integer.`)
}

/** Reads which task an event is about. Throws an error that names the event and the member at fault. */
export function readAddress(detail: unknown, event: string): TaskAddress {
  const { collectorId, sourceId, api } = (detail ?? {}) as Record<keyof TaskAddress, unknown>
  const ids = {
    collectorId: integer(collectorId, `${event}: collectorId`),
    sourceId: integer(sourceId, `${event}: sourceId`),
  }
  if (!isApi(api)) throw new TypeError(`${event}: api must be one of ${API_NAMES.join(', ')}.`)
  return { ...ids, api }
}

/** Reads the detail of a CollectionDue event. Throws an error that names the member at fault. */
export function readDue(detail: unknown): CollectionDue {
  const address = readAddress(detail, 'CollectionDue')
  const { reason } = detail as { readonly reason?: unknown }
  if (!isReason(reason))
    throw new TypeError(`CollectionDue: reason must be one of ${DUE_REASONS.join(', ')}.`)
  return { ...address, reason }
}

/** Reads the detail of a SourceStopping event. Throws an error that names the member at fault. */
export function readStopping(detail: unknown): SourceStopping {
  const { collectorId, sourceId } = (detail ?? {}) as Record<keyof SourceStopping, unknown>
  return {
    collectorId: integer(collectorId, 'SourceStopping: collectorId'),
    sourceId: integer(sourceId, 'SourceStopping: sourceId'),
  }
}

/** Reads the detail of a TickSegment event. Throws an error that names the member at fault. */
export function readTickSegment(detail: unknown): TickSegment {
  const { tickMs, segment } = (detail ?? {}) as Record<keyof TickSegment, unknown>
  const found = {
    tickMs: integer(tickMs, 'TickSegment: tickMs'),
    segment: integer(segment, 'TickSegment: segment'),
  }
  if (found.segment >= 0 && found.segment < TICK_SEGMENTS) return found
  throw new TypeError(`TickSegment: segment must be below ${TICK_SEGMENTS}.`)
}
