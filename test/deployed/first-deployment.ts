/** Items as the first deployments wrote them, member for member: no more was there. */

export const COLLECTOR_ID = 100000001
export const SOURCE_ID = 100000002

const CREATED = '2026-11-22T13:57:38.423Z'

export const registryItems = (baseUrl: string, startTime: string) => [
  {
    pk: 'COLLECTORS',
    sk: '0000000100000001',
    schema: 1,
    id: COLLECTOR_ID,
    name: 'Local',
    category: 'onepassword/local',
    fields: {},
    createdAt: CREATED,
  },
  {
    pk: `COLLECTOR#${COLLECTOR_ID}`,
    sk: 'SOURCE#0000000100000002',
    schema: 1,
    id: SOURCE_ID,
    collectorId: COLLECTOR_ID,
    version: 1,
    name: 'First',
    fields: {},
    configuredBaseUrl: baseUrl,
    baseUrl,
    apis: ['sign-in', 'auditEvents'],
    startTime,
    createdAt: CREATED,
  },
  { pk: 'COUNTERS', sk: 'ID', lastId: SOURCE_ID },
  { pk: 'NAMES#COLLECTORS', sk: 'Local', schema: 1, ownerId: COLLECTOR_ID, reservedMs: 1795355858381 },
  // Its create died before it wrote the source.
  {
    pk: `NAMES#COLLECTOR#${COLLECTOR_ID}`,
    sk: 'Left',
    schema: 1,
    ownerId: 100000009,
    reservedMs: 1795355858381,
  },
  {
    pk: `NAMES#COLLECTOR#${COLLECTOR_ID}`,
    sk: 'First',
    schema: 1,
    ownerId: SOURCE_ID,
    reservedMs: 1795355858423,
  },
]

const task = (api: string, startTime: string) => ({
  schema: 1,
  sourceId: SOURCE_ID,
  api,
  collectorId: COLLECTOR_ID,
  createdAt: CREATED,
  chain: 1,
  startTime,
})

/** Never run. */
export const newTask = (api: string, startTime: string) => ({
  ...task(api, startTime),
  state: 'Pending',
  stateSince: CREATED,
  fence: 0,
  pages: 0,
  events: 0,
})

/** A task that has delivered one page. */
export const collectingTask = (api: string, startTime: string, cursor: string) => ({
  ...task(api, startTime),
  state: 'Collecting',
  stateSince: '2026-11-22T13:57:39.034Z',
  fence: 2,
  pages: 1,
  events: 845,
  rateMs: 1795355860697,
  introspected: 1,
  cursor,
  firstEventTime: '2026-11-15T14:04:05.32404115Z',
  lastEventTime: '2026-11-22T13:52:24.576798366Z',
  lastObjectKey: `events/api=${api}/date=2026-11-22/100000002-1-81ee349f58b54115e54ba22835f60cce.ndjson`,
  link: '06a0ab730fd74022e7cac2617ba6234bae8d326a38bcf2dd9e75e8339608ba0b',
  lastSuccessAt: '2026-11-22T13:57:39.691Z',
})

/** The schema of fields, and the health events, of the first deployments that had any. */
export const fieldSchemaItem = {
  pk: 'FIELDS',
  sk: 'SCHEMA',
  schema: 1,
  version: 1,
  fields: { team: { id: '00000000000000AA', enabled: true } },
}

export function healthItems(
  event: { readonly eventTime: string; readonly eventId: string },
  trackerId: string,
) {
  const expires = Math.floor(Date.parse(event.eventTime) / 1000) + 90 * 86_400
  return [
    { resource: String(SOURCE_ID), place: `${event.eventTime}#0000000001#${event.eventId}`, expires, event },
    { resource: 'STANDING', place: `0000000100000002#${trackerId}`, number: 1, event },
  ]
}
