import type {
  CollectedApi,
  CollectedSource,
  Collection,
} from '../../../functions/admin/console/model/collected.ts'

export const NOW = '2026-11-29T12:30:00Z'

export const api = (given: Partial<CollectedApi> = {}): CollectedApi => ({
  ...{ api: 'sign-in', state: 'Collecting', reached: {}, warnings: [] },
  ...{ pages: 1, events: 1, lateEvents: 0, eventsByHour: Array<number>(24).fill(1) },
  ...given,
})

export const source = (given: Partial<CollectedSource> = {}): CollectedSource => ({
  ...{ id: 1, name: 'First', state: { state: 'Collecting' }, openHealthEvents: 0, apis: [api()] },
  ...given,
})

export const collection = (...sources: readonly CollectedSource[]): Collection => ({
  hoursSince: '2026-11-28T13:00:00Z',
  collectors: [{ id: 7, name: 'Security', sources }],
})

export const error = { type: 'THIRD-PARTY-CONFIG', code: 401, info: 'The token is refused.', at: NOW }

export const retry = { since: NOW, attempts: 2, nextRetry: NOW, deadline: NOW }
