import { collect } from '../../functions/collect/collect.ts'
import type { CollectPorts, CollectSettings } from '../../functions/collect/collect-ports.ts'
import { re2Expressions } from '../../shared/adapters/re2-expressions.ts'
import type { CollectionDue } from '../../shared/contract/events.ts'
import type { RunReport } from '../../shared/contract/log-messages.ts'
import { COLLECT_TIMEOUT_SECONDS, LEASE_MARGIN_MS } from '../../shared/contract/timing.ts'
import type { Collector, FieldSchema, RegisteredSource, Source } from '../../shared/domain/source/source.ts'
import { placeDigest } from '../../shared/domain/stream/page-request.ts'
import { cursorMark } from '../../shared/domain/stream/trail.ts'
import type { Claim } from '../../shared/domain/task/life.ts'
import { claimEpisode } from '../../shared/domain/task/life.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { Log } from '../../shared/ports.ts'
import { applied } from './applying.ts'
import { fakeBus } from './fakes/bus.ts'
import { fakeClock } from './fakes/clock.ts'
import { fakeDestinations } from './fakes/destinations.ts'
import { type FakeEvent, fakeEventsApi } from './fakes/events-api.ts'
import { fakeHealthEvents } from './fakes/health-events.ts'
import { fakeLake } from './fakes/lake.ts'
import { fakeTasks } from './fakes/tasks.ts'
import { type FakeSecrets, fakeTokens, secretOf } from './fakes/tokens.ts'
import { type Kill, killable } from './killing.ts'

export const DUE: CollectionDue = {
  collectorId: 100000001,
  sourceId: 100000002,
  api: 'sign-in',
  reason: 'tick',
}

const COLLECTOR: Collector = {
  schema: 1,
  id: DUE.collectorId,
  version: 1,
  name: 'Local',
  destination: { type: 'lake' },
  category: 'onepassword/local',
  fields: { team: 'blue', stage: 'test' },
  createdAt: '2026-03-01T00:00:00.000Z',
}

const SOURCE: Source = {
  schema: 1,
  id: DUE.sourceId,
  collectorId: DUE.collectorId,
  version: 1,
  name: '1Pass',
  fields: { team: 'red' },
  baseUrl: 'https://events.1password.com',
  configuredBaseUrl: 'events.1password.com',
  apis: ['sign-in', 'itemUsage', 'auditEvents'],
  startTime: '2026-02-28T00:00:00Z',
  tokenVersion: 'v1',
  createdAt: '2026-03-01T00:00:00.000Z',
}

const FIELDS: FieldSchema = {
  schema: 1,
  version: 1,
  fields: { team: { id: '1', enabled: true }, stage: { id: '2', enabled: true } },
}

const TASK: Task = {
  schema: 4,
  sourceId: DUE.sourceId,
  api: DUE.api,
  collectorId: DUE.collectorId,
  createdAt: '2026-03-01T00:00:00.000Z',
  state: 'Pending',
  stateSince: '2026-03-01T00:00:00.000Z',
  chain: 1,
  startTime: SOURCE.startTime,
  fence: 0,
  pages: 0,
  events: 0,
}

/** Creates `count` events, one minute apart. The first has the number `first` and the time `firstMs`. */
export const eventsFrom = (
  first: number,
  count: number,
  firstMs = Date.parse('2026-02-28T00:00:00Z'),
): FakeEvent[] =>
  Array.from({ length: count }, (_, i) => {
    const timestamp = new Date(firstMs + i * 60_000).toISOString()
    return { timestamp, json: `{"uuid":"E${first + i}","timestamp":"${timestamp}","n":1.0}` }
  })

/** Creates one task with everything around it in memory. */
export function collectWorld({ events = [] as FakeEvent[], task = {} as Partial<Task>, pageSize = 10 } = {}) {
  const clock = fakeClock()
  const logged: string[] = []
  const write = (message: string, extra: object): void =>
    void logged.push(JSON.stringify({ message, ...extra }))
  const log: Log = { debug: write, info: write, warn: write, error: write }
  const registered = {
    current: { collector: COLLECTOR, source: SOURCE } as RegisteredSource | undefined,
  }
  const bus = fakeBus()
  const eventsApi = fakeEventsApi(events)
  const secrets: FakeSecrets = new Map([[SOURCE.id, secretOf(eventsApi.token, SOURCE.tokenVersion)]])
  let uuids = 0
  let runs = 0
  const ports = {
    clock,
    log,
    expressions: re2Expressions(),
    random: { uuid: () => `uuid-${++uuids}`, fraction: () => 0.5 },
    tasks: fakeTasks([{ ...TASK, ...task }]),
    registry: { registered: async () => registered.current, fieldSchema: async () => FIELDS },
    tokens: fakeTokens(secrets, clock),
    eventsApi,
    lake: fakeLake(),
    destinations: fakeDestinations(),
    healthEvents: fakeHealthEvents(),
    bus,
  }
  /** Changes the source as an update or a restart does. */
  const update = (change: Partial<Source> = {}): void => {
    if (!registered.current) throw new Error('the source is gone')
    const { source } = registered.current
    registered.current = {
      ...registered.current,
      source: { ...source, version: source.version + 1, ...change },
    }
  }
  const settings: CollectSettings & { allowedHosts: string[] } = {
    pageSize,
    allowedHosts: ['events.1password.com'],
  }
  const taskNow = (): Task => {
    const current = ports.tasks.get(DUE)
    if (!current) throw new Error('the task is gone')
    return current
  }
  /** Claims the episode of the task, if it is in one, as the state machine does. */
  async function claimNow(): Promise<Claim | undefined> {
    const { episode } = taskNow()
    if (!episode) return undefined
    const claim = { episode: episode.id, execution: episode.execution ?? 'retries' }
    await applied(ports.tasks, DUE, claimEpisode(claim))
    return claim
  }
  /** Makes a run as a tick does or, in an episode, as the state machine does. */
  async function run(using: CollectPorts = ports, seconds = COLLECT_TIMEOUT_SECONDS): Promise<RunReport> {
    const claim = await claimNow()
    const deadlineMs = clock.now() + seconds * 1000
    return collect(using, settings, DUE, { runId: `run-${++runs}`, deadlineMs, ...(claim && { claim }) })
  }

  /** Makes a run that dies at an effect. Returns the effects until then, and whether it died. */
  async function runUntilKilled(kill?: Kill) {
    const killed = killable(
      ports,
      ['tasks', 'registry', 'tokens', 'eventsApi', 'lake', 'destinations', 'bus', 'healthEvents'],
      kill,
    )
    const end = await Promise.race([killed.killed, run(killed.ports)])
    return { effects: killed.effects, end }
  }

  const expireLease = (): void => clock.advance(COLLECT_TIMEOUT_SECONDS * 1000 + LEASE_MARGIN_MS + 1)

  return {
    ports,
    clock,
    logged,
    bus,
    registered,
    update,
    secrets,
    eventsApi,
    settings,
    taskNow,
    run,
    runUntilKilled,
    expireLease,
  }
}

export type CollectWorld = ReturnType<typeof collectWorld>

/** The task as after a run whose cursor was refused: if the next run is refused it too, the refusal counts. */
export function noteRefusal({ ports, taskNow }: CollectWorld): void {
  const { cursor = '', ...task } = taskNow()
  ports.tasks.items.set(`${DUE.sourceId}/${DUE.api}`, { ...task, cursor, refusedPlace: cursorMark(cursor) })
}

/** Returns every line in the lake, in the order of the ledger. Throws if the ledger has a gap or a fork. */
export function ledgerLines({ ports, taskNow }: CollectWorld): string[] {
  const { objects } = ports.lake
  const lines: string[][] = []
  let place = taskNow().link
  for (let key = taskNow().lastObjectKey; key !== undefined; ) {
    const object = objects.get(key)
    if (!object) throw new Error(`the ledger names ${key}, which does not exist`)
    const { record } = object
    if (placeDigest(record.chain, { cursor: record.nextCursor }) !== place)
      throw new Error(`gap after ${key}`)
    lines.unshift([...object.lines])
    place = record.link
    key = record.previousKey
  }
  if (lines.length !== objects.size)
    throw new Error(`${objects.size} objects, ${lines.length} of them in the ledger`)
  return lines.flat()
}

export const toUuids = (lines: readonly string[]): string[] => lines.map(line => JSON.parse(line).uuid)
