import type {
  CollectedApi,
  CollectedSource,
  Collection,
} from '../../functions/admin/console/model/collected.ts'

/** When the pictures are taken. */
export const NOW_MS = Date.parse('2026-11-29T16:30:00Z')

const ago = (minutes: number): string =>
  new Date(NOW_MS - minutes * 60_000).toISOString().replace('.000Z', 'Z')

const HOUR = 60
const DAY = 24 * HOUR

const SHARES = { 'sign-in': 1, itemUsage: 3, auditEvents: 0.6 }

/** More by day than by night. */
const countHours = (size: number): number[] =>
  Array.from({ length: 24 }, (_, hour) => {
    const wave = 1.25 + Math.sin(((hour - 18) / 24) * 2 * Math.PI)
    return Math.round(size * wave * (1 + ((hour * 7 + size) % 5) / 12))
  })

const REACHED = {
  Pending: ago(3 * DAY + 0.4),
  Started: ago(3 * DAY + 0.3),
  Initialized: ago(3 * DAY + 0.2),
  Authenticated: ago(3 * DAY + 0.1),
}

const createApi = (
  api: keyof typeof SHARES,
  size: number,
  given: Partial<CollectedApi> = {},
): CollectedApi => ({
  ...{ api, state: 'Collecting', since: ago(3 * DAY), reached: { ...REACHED, Collecting: ago(3 * DAY) } },
  ...{ warnings: [], tokenExpires: ago(-60 * DAY), lastSuccess: ago(2), cursorSince: ago(3) },
  ...{ lastEventTime: ago(3), lagSince: ago(3), pages: size * 9, events: size * 8123, lateEvents: 12 },
  eventsByHour: countHours(size * SHARES[api]),
  ...given,
})

const REFUSED: Partial<CollectedApi> = {
  state: 'Error',
  since: ago(2 * HOUR),
  reached: { Pending: REACHED.Pending, Started: REACHED.Started, Initialized: REACHED.Initialized },
  error: {
    type: 'THIRD-PARTY-CONFIG',
    code: 401,
    info: '401: {"Error":{"Message":"Unauthorized"}} — Update api_token with a valid token that has the feature, or restart the source',
    at: ago(2 * HOUR),
  },
  advice:
    'Nothing is collected until the source is updated or restarted: mend what the error says, then do that.',
  ...{ lagSince: ago(2 * HOUR), lastEventTime: ago(2 * HOUR) },
}

const RETRYING: Partial<CollectedApi> = {
  ...{ state: 'Error', since: ago(25), reached: { ...REACHED, Error: ago(25) } },
  error: {
    type: 'THIRD-PARTY-GENERIC',
    code: 503,
    info: '503: Service Unavailable — 1Password cannot answer at present',
    at: ago(3),
  },
  advice: 'It is tried again by itself until the deadline; restart the source to have it tried at once.',
  retry: { since: ago(25), attempts: 4, nextRetry: ago(-4.1), deadline: ago(-65) },
  ...{ lagSince: ago(26), lastEventTime: ago(26) },
}

const EXPIRING: Partial<CollectedApi> = {
  tokenExpires: ago(-10 * DAY),
  warnings: [
    {
      kind: 'TokenExpiry',
      since: ago(4 * DAY),
      title: 'The API token expires soon',
      description:
        'It expires on 2026-12-09. Issue a new one in 1Password, and rotate the token of the source.',
    },
  ],
}

const SOURCES: readonly (readonly [
  name: string,
  size: number,
  all?: Partial<CollectedApi>,
  audit?: Partial<CollectedApi>,
])[] = [
  ['Acme production', 240],
  ['Acme EU', 90, REFUSED],
  ['Family office', 20, {}, RETRYING],
  ['Nordics', 130, EXPIRING],
  ['Contractors', 60],
  ['Research lab', 45],
  ['Retail branches', 310],
  ['Security team', 12],
]

const createSource = (
  [name, size, all = {}, audit = all]: (typeof SOURCES)[number],
  at: number,
): CollectedSource => {
  const apis = [
    createApi('sign-in', size, all),
    createApi('itemUsage', size, all),
    createApi('auditEvents', size, audit),
  ]
  return {
    ...{ id: 100_000_002 + at, name, category: 'onepassword/prod', apis },
    state: { state: apis.find(({ state }) => state === 'Error')?.state ?? 'Collecting' },
    openHealthEvents: apis.filter(({ error, warnings }) => error !== undefined || warnings.length > 0).length,
  }
}

/** A made-up collection in which most is well, for the pictures. */
export const EXAMPLE: Collection = {
  hoursSince: '2026-11-28T17:00:00Z',
  collectors: [
    { id: 100_000_000, name: 'Security', sources: SOURCES.map(createSource).slice(0, 5) },
    { id: 100_000_001, name: 'Subsidiaries', sources: SOURCES.map(createSource).slice(5) },
  ],
}

/** A source of it that is retrying. */
export const RETRYING_ID = 100_000_004
