/** Tasks as an earlier deployment stored them: under the long names of their attributes. */

const CREATED = '2026-11-22T15:00:11.957Z'

interface Stream {
  readonly api: string
  readonly startTime: string
  readonly baseUrl: string
  readonly accountUuid: string
}

/** A task that has delivered one page. */
export const longNamedTask = ({ api, startTime, baseUrl, accountUuid }: Stream, cursor: string) => ({
  schema: 1,
  sourceId: 100000002,
  api,
  collectorId: 100000001,
  createdAt: CREATED,
  state: 'Collecting',
  stateSince: '2026-11-22T15:00:12.391Z',
  reachedMs: {
    Pending: 1795359611957,
    Started: 1795359612106,
    Initialized: 1795359612134,
    Authenticated: 1795359612194,
    Collecting: 1795359612391,
  },
  chain: 1,
  startTime,
  fence: 2,
  pages: 1,
  events: 95,
  version: 1,
  rateMs: 1795359613952,
  baseUrl,
  accountUuid,
  introspected: 1,
  cursor,
  lateEvents: 0,
  firstEventTime: '2026-11-21T15:05:58.56552612Z',
  lastEventTime: '2026-11-22T14:58:35.113760Z',
  lastObjectKey: `events/api=${api}/date=2026-11-22/100000002-1-f5ae25336f8eb15aa360928a1e94395d.ndjson`,
  link: 'd2803fb19e73324755702b634788d477b4f2209b87d53d91779df673b530c670',
  cursorSinceMs: 1795359612391,
  lastSuccessAt: '2026-11-22T15:00:12.978Z',
})

type LongNamedTask = ReturnType<typeof longNamedTask>

/** A task that a run has leased. The run may have died. */
export const leasedTask = <T extends LongNamedTask>(task: T, leaseExpiresMs: number) => ({
  ...task,
  fence: task.fence + 1,
  leaseOwner: '01234567-89ab-cdef-0123-456789abcdef',
  leaseSinceMs: leaseExpiresMs - 270_000,
  leaseExpiresMs,
  partition: '2026-11-22',
})

const INFO = '500: {"Error":{"Message":"status 500"}} — 1Password has trouble of its own; it is asked again.'
const FAILED_AT = '2026-11-22T15:05:03.000Z'

const unhealthy = (api: string) => ({
  status: 'UnHealthy',
  details: {
    trackerId: `ThirdPartyGenericError/${api}`,
    error: 'Audit Events: 1Password does not answer as it should',
    name: 'Audit Events: 1Password does not answer as it should',
    description: INFO,
    api,
    errorCode: '500',
  },
  eventType: 'Health-Change',
  severityLevel: 'Error',
  accountId: '0000000000000000',
  eventId: '486c0779-2c7d-8316-83ab-ca8bfab79916',
  eventName: 'ThirdPartyGenericError',
  eventTime: FAILED_AT,
  eventFormatVersion: '1.0',
  subsystem: 'Collection',
  resourceIdentity: {
    collectorId: '0000000005F5E101',
    collectorName: 'Local',
    id: '0000000005F5E102',
    name: 'First',
    type: 'SourceResource',
  },
})

/** A task whose last run failed, and died before it published the health event. */
export const failedTask = <T extends LongNamedTask>(task: T) => ({
  ...task,
  state: 'Error',
  stateSince: FAILED_AT,
  error: { type: 'ThirdPartyGeneric', code: 500, info: INFO, at: FAILED_AT },
  health: {
    open: { type: 'ThirdPartyGeneric', since: FAILED_AT },
    changes: 1,
    untold: [{ number: 1, event: unhealthy(task.api) }],
  },
})
