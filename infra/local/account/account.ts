import type { Feature } from '../../../shared/contract/apis.ts'
import { control } from './control.ts'
import { type Answer, statusSeen } from './events-api/answer.ts'
import type { EventStream } from './events-api/event-stream.ts'
import { type Service, serve } from './events-api/events-api.ts'
import { instantOf, parseInstant } from './events-api/instant.ts'
import type { ModeName } from './events-api/misbehaviours.ts'
import { RATE_LIMITS, type RateLimits, startRateLimit } from './events-api/rate-limit.ts'
import { FEATURES, type ModeOptions, startSwitchboard } from './events-api/switchboard.ts'
import { type EventsPerDay, eventStreams } from './history/streams.ts'
import { makeWorld, type World } from './history/world.ts'
import { type HttpRequest, startHttpServer } from './http-server.ts'
import { type LoggedRequest, type RequestLog, startRequestLog } from './request-log.ts'
import { makeToken } from './token.ts'

export interface AccountOptions {
  /** Everything that the account makes up follows from it. */
  readonly seed: string | number
  /** How far its history goes back from `anchorMs`. */
  readonly days: number
  readonly clock: { now(): number }
  /** When the account was first started, epoch milliseconds: keep it to have the same history again. Default: now. */
  readonly anchorMs?: number
  /** Default: a free one. */
  readonly port?: number
  /** Default: one made from the seed and the port. */
  readonly token?: string
  /** Serves the events in these files in place of a history. */
  readonly eventFiles?: readonly string[]
  readonly eventsPerDay?: EventsPerDay
  /** Real milliseconds before each page. */
  readonly pageDelayMs?: number
  readonly rateLimits?: RateLimits
}

/** A simulated 1Password account: the Events API, v1 and v2, on a port of this machine. */
export interface Account {
  readonly url: string
  readonly port: number
  readonly token: string
  readonly requests: readonly LoggedRequest[]
  counters(): Readonly<Record<string, number>>
  setMode(mode: ModeName, options?: ModeOptions): void
  /** What the token may read from now on. */
  setFeatures(features: readonly Feature[]): void
  /** JSON texts of the events from the start on that v2 would return now, oldest first. */
  events(feature: Feature, startTime: string): Iterable<string>
  close(): Promise<void>
}

const DAY_MS = 86_400_000

function controlled(service: Service, log: RequestLog) {
  return {
    setMode: service.switchboard.set,
    setFeatures(features: readonly Feature[]) {
      service.features = [...features]
    },
    state: () => ({
      modes: service.switchboard.current(),
      features: service.features,
      counters: log.counters(),
      now: new Date(service.clock.now()).toISOString(),
    }),
  }
}

function* eventTexts(stream: EventStream, startTime: string, nowMs: number): Iterable<string> {
  const start = parseInstant(startTime)
  if (start === undefined) throw new RangeError(`${startTime} is no RFC 3339 time`)
  const now = instantOf(nowMs)
  const from = stream.startFor(start, now)
  for (const { event } of stream.read({ after: from, now })) if (event.instant >= from) yield event.text(2)
}

/** Answers one request, of the API or of the control endpoint, and logs what it was. */
function responder(service: Service, log: RequestLog): (request: HttpRequest) => Answer {
  const controls = controlled(service, log)
  return request => {
    const { method, path, body } = request
    if (path.startsWith('/control')) return control(controls, method, path, body)
    const { answer, mode, feature } = serve(service, request)
    const status = statusSeen(answer)
    log.add({ at: service.clock.now(), method, path, status, mode, body, ...(feature ? { feature } : {}) })
    return answer
  }
}

async function prepare(options: AccountOptions, world: World): Promise<Service> {
  const { days, clock, anchorMs = clock.now(), eventFiles = [], eventsPerDay = {} } = options
  const switchboard = startSwitchboard(clock)
  const beginMs = anchorMs - days * DAY_MS
  return {
    clock,
    token: options.token ?? '',
    accountUuid: world.accountUuid,
    integrationUuid: world.integrationUuid,
    streams: await eventStreams({ world, switchboard, beginMs, eventsPerDay, eventFiles }),
    switchboard,
    pageDelayMs: options.pageDelayMs ?? 0,
    features: FEATURES,
    withinLimits: startRateLimit(clock, options.rateLimits ?? RATE_LIMITS),
  }
}

/** Starts the account on 127.0.0.1. Rejects if the port is taken or an event file cannot be served. */
export async function startAccount(options: AccountOptions): Promise<Account> {
  const world = makeWorld(String(options.seed))
  const service = await prepare(options, world)
  const log = startRequestLog()
  const server = await startHttpServer(options.port ?? 0, responder(service, log))
  service.token ||= makeToken(world, `127.0.0.1:${server.port}`, FEATURES)
  const { setMode, setFeatures } = controlled(service, log)
  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    token: service.token,
    requests: log.requests,
    counters: log.counters,
    setMode,
    setFeatures,
    events: (feature, startTime) => eventTexts(service.streams[feature], startTime, options.clock.now()),
    close: server.close,
  }
}
