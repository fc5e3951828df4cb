import { API_NAMES, type Api } from '../contract/apis.ts'
import { type CollectionDue, DUE_REASONS, type DueReason } from '../contract/events.ts'

const isApi = (value: unknown): value is Api => API_NAMES.some(api => api === value)

const isReason = (value: unknown): value is DueReason => DUE_REASONS.some(reason => reason === value)

/** Reads the detail of a CollectionDue event. Throws an error that names the member at fault. */
export function readDue(detail: unknown): CollectionDue {
  const { collectorId, sourceId, api, reason } = (detail ?? {}) as Record<keyof CollectionDue, unknown>
  if (!Number.isSafeInteger(collectorId))
    throw new TypeError('CollectionDue: collectorId must be an integer.')
  if (!Number.isSafeInteger(sourceId)) throw new TypeError('CollectionDue: sourceId must be an integer.')
  if (!isApi(api)) throw new TypeError(`CollectionDue: api must be one of ${API_NAMES.join(', ')}.`)
  if (!isReason(reason))
    throw new TypeError(`CollectionDue: reason must be one of ${DUE_REASONS.join(', ')}.`)
  return {
    collectorId: collectorId as number,
    sourceId: sourceId as number,
    api,
    reason,
  }
}
