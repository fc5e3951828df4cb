import type { Feature } from '../../../shared/contract/apis.ts'
import { answerControl, type ControlledAccount } from './control.ts'
import { eventFileStreams } from './event-files.ts'
import { type Answer, visibleStatus } from './events-api/answer.ts'
import { type EventStream, jsonText } from './events-api/event-stream.ts'
import {
  type ApiRequest,
  createSimulatedEventsApi,
  type SimulatedEventsApi,
} from './events-api/events-api.ts'
import { parseInstant } from './events-api/instant.ts'
import type { ModeName } from './events-api/misbehaviours.ts'
import { createRateLimit, RATE_LIMITS, type RateLimits } from './events-api/rate-limit.ts'
import { createSwitchboard, FEATURES, type ModeOptions, type Switchboard } from './events-api/switchboard.ts'
import { type EventsPerDay, generatedStreams } from './history/streams.ts'
import { makeWorld, type World } from './history/world.ts'
import { startHttpServer } from './http-server.ts'
import { createRequestLog, type LoggedRequest, type RequestLog } from './request-log.ts'
import { makeToken } from './token.ts'

export interface AccountOptions {
  /** Decides all people and events that the account makes up. */
  readonly seed: string | number
  /** How far its history goes back from `anchorMs`. */
  readonly days: number
  readonly clock: { now(): number }
  /**
   * When the account was started for the first time, epoch milliseconds. Keep it to have the same history again.
   * @default now
   */
  readonly anchorMs?: number
  /** @default a free one */
  readonly port?: number
  /** @default one made from the seed and the port */
  readonly token?: string
  /** The account serves the events in these files instead of a history. */
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
  /** Sets what the token may read from now on. */
  setFeatures(features: readonly Feature[]): void
  /** Returns the events that v2 would return now, from the start time on, as JSON texts, oldest first. */
  events(feature: Feature, startTime: string): Iterable<string>
  close(): Promise<void>
}

/** The account without its HTTP server. */
interface AccountState {
  readonly options: AccountOptions
  readonly identity: {
    readonly accountUuid: string
    readonly integrationUuid: string
    features: readonly Feature[]
  }
  readonly streams: Readonly<Record<Feature, EventStream>>
  readonly switchboard: Switchboard
  readonly log: RequestLog
  /** Set when the port is known, because a made-up token names the port. */
  token: string
}

const DAY_MS = 86_400_000

async function createState(options: AccountOptions, world: World): Promise<AccountState> {
  const { days, clock, anchorMs = clock.now(), eventFiles = [], eventsPerDay = {} } = options
  const { accountUuid, integrationUuid } = world
  const switchboard = createSwitchboard()
  const beginMs = anchorMs - days * DAY_MS
  const streams =
    eventFiles.length > 0
      ? await eventFileStreams(eventFiles)
      : generatedStreams({ world, switchboard, beginMs, eventsPerDay })
  return {
    ...{ options, streams, switchboard, log: createRequestLog(), token: options.token ?? '' },
    identity: { accountUuid, integrationUuid, features: FEATURES },
  }
}

function createApi(state: AccountState): SimulatedEventsApi {
  const { identity, streams, switchboard, options } = state
  return createSimulatedEventsApi({
    ...{ identity, streams, switchboard },
    isTokenValid: token => token !== '' && token === state.token,
    isWithinRateLimit: createRateLimit(options.rateLimits ?? RATE_LIMITS),
  })
}

function createControlled({ identity, options, switchboard, log }: AccountState): ControlledAccount {
  return {
    setMode: (mode, modeOptions = {}) => switchboard.set(mode, modeOptions, options.clock.now()),
    setFeatures: features => {
      identity.features = [...features]
    },
    state: () => ({
      modes: switchboard.current(),
      features: identity.features,
      counters: log.counters(),
      now: new Date(options.clock.now()).toISOString(),
    }),
  }
}

const delayPage = (answer: Answer, delayMs: number | undefined): Answer =>
  answer.status === 200 && delayMs !== undefined ? { delayMs, ...answer } : answer

/** Answers requests to the API and to the control endpoint. Those to the API are logged. */
function createResponder(
  state: AccountState,
  controlled: ControlledAccount,
): (request: ApiRequest) => Answer {
  const { options, log } = state
  const api = createApi(state)
  return request => {
    const { method, path, body } = request
    if (path.startsWith('/control')) return answerControl(controlled, request)
    const nowMs = options.clock.now()
    const { answer, mode, feature } = api.answer(request, nowMs)
    const status = visibleStatus(answer)
    log.add({ at: nowMs, method, path, status, mode, body, ...(feature ? { feature } : {}) })
    return feature ? delayPage(answer, options.pageDelayMs) : answer
  }
}

function* readEvents(stream: EventStream, startTime: string, nowMs: number): Iterable<string> {
  const instant = parseInstant(startTime)
  if (instant === undefined) throw new RangeError(`${startTime} is no RFC 3339 time`)
  const { start, after } = stream.begin(instant, nowMs)
  for (const { event } of stream.read({ after, nowMs })) {
    if (event.instant >= start) yield jsonText(event, 2)
  }
}

/** Starts an account on 127.0.0.1. Rejects if the port is taken or an event file cannot be served. */
export async function startAccount(options: AccountOptions): Promise<Account> {
  const world = makeWorld(String(options.seed))
  const state = await createState(options, world)
  const { log, streams } = state
  const controlled = createControlled(state)
  const server = await startHttpServer(options.port ?? 0, createResponder(state, controlled))
  state.token ||= makeToken(world, `127.0.0.1:${server.port}`, FEATURES)
  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    token: state.token,
    requests: log.requests,
    counters: log.counters,
    setMode: controlled.setMode,
    setFeatures: controlled.setFeatures,
    events: (feature, startTime) => readEvents(streams[feature], startTime, options.clock.now()),
    close: server.close,
  }
}
