import type { CollectionDue, EpisodeOpened, SourceStopping, TickSegment } from './contract/events.ts'
import type { Measured } from './contract/metrics.ts'
import type { PageEncoding, PageFile } from './contract/page-files.ts'
import type { Destinations } from './destination-ports.ts'
import type { Expressions } from './domain/rule/expression.ts'
import type { AccessKeyRecord } from './domain/source/access-key.ts'
import type { Collector, FieldSchema, RegisteredSource, Source } from './domain/source/source.ts'
import type { PageRecord } from './domain/stream/page-record.ts'
import type { HealthEvent } from './domain/task/health-event.ts'
import type { Transition } from './domain/task/life.ts'
import type { Task, TaskKey } from './domain/task/task.ts'
import type { HealthChange } from './domain/task/task-health.ts'
import type { TaskPage } from './domain/tick/pass.ts'
import type { SegmentProgress, TickProgress } from './domain/tick/segment.ts'

export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Rejects with the reason of the signal when that is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Lets a request that was begun leave, before work that takes the whole CPU. */
  giveWay(): Promise<void>
}

export interface Random {
  uuid(): string
  /** Returns a number that is uniform in [0, 1). */
  fraction(): number
}

/** A task before and after a transition. */
export interface Applied {
  readonly before: Task
  readonly after: Task
}

/** Where a page of the table begins. Without a member: at the start of the whole table. */
export interface ScanPlace {
  /** One of the TICK_SEGMENTS parts of the table, counted from 0. A source's tasks are in the same one. */
  readonly segment?: number
  /** The last task of the page before. */
  readonly after?: TaskKey | undefined
}

export interface TaskStore {
  /** Reads consistently. Returns undefined if the task is gone. */
  read(key: TaskKey): Promise<Task | undefined>
  /** Creates a task. A task that exists already stays as it is. */
  create(task: Task): Promise<void>
  /**
   * Applies a transition if its guard holds, in one conditional write. Returns undefined if the guard does not hold or
   * the task is gone, and nothing was written.
   */
  apply(key: TaskKey, transition: Transition): Promise<Applied | undefined>
  /**
   * Rewrites a task that an earlier deployment stored in a form that can only be read. Returns the task as it now is.
   * Returns undefined if it is leased, gone or changes meanwhile, and nothing was written.
   */
  upgrade(key: TaskKey, nowMs: number): Promise<Task | undefined>
  remove(key: TaskKey): Promise<void>
  tasksOfSource(sourceId: number): Promise<readonly Task[]>
  /** Reads one page of the table, or of one of its segments. */
  scan(place?: ScanPlace): Promise<TaskPage>
}

/** How far ticks came with a large table of tasks. */
export interface Ticks {
  /** Reads consistently. */
  progress(): Promise<TickProgress>
  /** Replaces the step before. Returns false if somebody else has replaced it, and nothing was written. */
  save(progress: SegmentProgress): Promise<boolean>
  /** Notes that a tick is finished. Returns false if this, or a newer tick, was noted already by another invocation. */
  end(tickMs: number, writer: string): Promise<boolean>
}

/** All that is registered. */
export interface Registered {
  readonly collectors: readonly Collector[]
  readonly sources: readonly Source[]
}

export interface Registry {
  /** Reads collector and source consistently, in one call. Returns undefined if one of them is missing. */
  registered(collectorId: number, sourceId: number): Promise<RegisteredSource | undefined>
  collector(collectorId: number): Promise<Collector | undefined>
  /** Returns them in the order of their ids. */
  collectors(): Promise<readonly Collector[]>
  source(collectorId: number, sourceId: number): Promise<Source | undefined>
  /** Returns them in the order of their ids. */
  sources(collectorId: number): Promise<readonly Source[]>
  /** Reads all collectors and sources consistently, in as few calls as they fit into. Both are in the order of their ids. */
  everything(): Promise<Registered>
  /** Returns an id for a collector or a source that was never returned before. */
  nextId(): Promise<number>
  /** Reserves a name for an owner. Returns false if another owner has the name. Safe to repeat. */
  reserveName(reservation: NameReservation): Promise<boolean>
  /**
   * Gives up a name, so that another owner may reserve it at once. It does nothing to the name of another owner. It
   * does nothing to a name that the owner reserved more than once either, because another request may rely on it. Such
   * a name is free when it is old and nobody uses it.
   */
  releaseName(name: OwnedName): Promise<void>
  /** Creates a collector. One that exists already stays as it is. */
  putCollector(collector: Collector): Promise<void>
  /** Creates a source. One that exists already stays as it is. */
  putSource(source: Source): Promise<void>
  /**
   * Writes a collector, with its own, higher version, if the stored one has the expected version. Otherwise returns
   * false.
   */
  replaceCollector(collector: Collector, expectedVersion: number): Promise<boolean>
  replaceSource(source: Source, expectedVersion: number): Promise<boolean>
  /** Returns false if the collector has another version or is gone. */
  removeCollector(collectorId: number, expectedVersion: number): Promise<boolean>
  /** Removes a source of any version. Does nothing if it is gone already. */
  removeSource(collectorId: number, sourceId: number): Promise<void>
  /** Reads consistently. Before the first write it returns an empty schema of version 0. */
  fieldSchema(): Promise<FieldSchema>
  replaceFieldSchema(schema: FieldSchema, expectedVersion: number): Promise<boolean>
}

export interface OwnedName {
  /** The collector whose source has the name. Undefined for the name of a collector. */
  readonly collectorId?: number
  readonly name: string
  readonly ownerId: number
}

export interface NameReservation extends OwnedName {
  readonly nowMs: number
}

export interface TokenReader {
  /**
   * Returns the token in this version of the source's secret, or the current token if the secret no longer has this
   * version. Tokens are cached for TOKEN_CACHE_MS. Throws if the token cannot be read.
   */
  token(sourceId: number, version: string): Promise<string>
  /**
   * Returns the current token, not cached, if somebody put it into the secret by hand after this version. Returns
   * undefined otherwise: an older token was replaced on purpose.
   */
  newerToken(sourceId: number, version: string): Promise<string | undefined>
  /** The next call of `token` reads the secret again. */
  forget(sourceId: number): void
}

export interface TokenWriter {
  /**
   * Stores the token of a new source, and replaces one that an earlier deployment may have left. Returns its version.
   */
  createToken(sourceId: number, token: string): Promise<string>
  /**
   * Adds a version that nobody reads until a source names it. Returns the version, or undefined if the secret is gone.
   * The current version stays.
   */
  proposeToken(sourceId: number, token: string): Promise<string | undefined>
  /** Makes the version current, unless the current one is newer because a user put it there by hand. Safe to repeat. */
  promoteToken(sourceId: number, version: string): Promise<void>
}

export interface TokenRemover {
  /** Deletes the secret of a source. Does nothing if it is gone already. */
  removeToken(sourceId: number): Promise<void>
}

export interface AccessKeys {
  /** Returns the current key, and the previous one while that is valid. */
  current(): Promise<AccessKeyRecord>
}

/** The command that rotates the key uses this port. No function uses it. */
export interface AccessKeyStore {
  /** Returns the record in the secret, the version of the secret, and the time of the clock by which keys expire. */
  read(): Promise<{ readonly record: AccessKeyRecord; readonly version: string; readonly nowMs: number }>
  /** Replaces the record if the version is still current. Returns false if somebody else has replaced it. */
  replace(record: AccessKeyRecord, expectedVersion: string): Promise<boolean>
}

export interface EventsApiCall {
  readonly baseUrl: string
  readonly token: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: string
  /** From connecting to the last byte. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

export interface EventsApiAnswer {
  readonly status: number
  readonly retryAfter?: string
  readonly body: Uint8Array
}

export interface EventsApi {
  /** Sends one request and returns its answer, with any status. Throws NetworkFailure if there is no answer. */
  send(call: EventsApiCall): Promise<EventsApiAnswer>
}

export interface Lake {
  /** Creates an object. The ending of its key says whether it is compressed. Returns `exists` if there is one with this key, which stays unchanged. */
  create(key: string, body: Uint8Array, record: PageRecord): Promise<'created' | 'exists'>
  /** Returns the record of an object, or undefined if it does not exist. */
  record(key: string): Promise<PageRecord | undefined>
  /** Keeps what is not an object of the ledger. What is kept under this key already is replaced. */
  setAside(key: string, body: Uint8Array): Promise<void>
  /** Returns what is kept under this key, as UTF-8. Returns undefined if nothing is. */
  readAside(key: string): Promise<string | undefined>
  /** Returns record and lines of an object, or undefined if it does not exist. */
  read(key: string): Promise<{ readonly record: PageRecord; readonly lines: readonly string[] } | undefined>
}

/** Names one part of a list. */
export interface Part {
  readonly limit: number
  /** The `next` of the part before. */
  readonly after?: string | undefined
}

export interface HealthEventList {
  readonly events: readonly HealthEvent[]
  /** Present only if there are more events. They begin after this place. */
  readonly next?: string
}

export interface UnresolvedPart extends Part {
  /** Only events of these sources. */
  readonly sources?: ReadonlySet<number>
}

export interface HistoryPart extends Part {
  /** Events before this time (RFC 3339, UTC with milliseconds) are left out. */
  readonly since: string
}

export interface HealthEvents {
  /**
   * Records a change of a source's health in its history, and whether the tracker is open or closed. Its latest change
   * decides whether a tracker is open, even if changes are recorded twice or late.
   */
  record(sourceId: number, change: HealthChange): Promise<void>
  /** Returns open health events, in the order of sources and trackers. */
  unresolved(part: UnresolvedPart): Promise<HealthEventList>
  /** Returns every event of a source, the newest first. */
  history(sourceId: number, part: HistoryPart): Promise<HealthEventList>
}

export interface Bus {
  /** Returns when every event is accepted, `perSecond` or all at once. Throws if some are refused for some rounds. */
  publishDue(due: readonly CollectionDue[], perSecond?: number): Promise<void>
  publishStopping(stopping: readonly SourceStopping[]): Promise<void>
  publishSegments(segments: readonly TickSegment[]): Promise<void>
  publishOpened(episodes: readonly EpisodeOpened[]): Promise<void>
  publishHealth(events: readonly HealthEvent[]): Promise<void>
}

/** The files of the page at the admin URL. */
export interface PageFiles {
  /** Returns the file that is served at this path, or undefined. */
  find(path: string): Promise<PageFile | undefined>
  read(file: PageFile, encoding: PageEncoding): Promise<Uint8Array>
}

export interface LogMembers {
  /** Metrics that CloudWatch takes from the line. */
  readonly metrics?: Measured
  readonly [name: string]: unknown
}

export interface Log {
  debug(message: string, extra: LogMembers): void
  info(message: string, extra: LogMembers): void
  warn(message: string, extra: LogMembers): void
  error(message: string, extra: LogMembers): void
}

/** Every side effect. A function takes those that it uses, as Pick<Ports, …>. */
export interface Ports {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly tasks: TaskStore
  readonly ticks: Ticks
  readonly registry: Registry
  readonly tokens: TokenReader
  readonly tokenWriter: TokenWriter
  readonly tokenRemover: TokenRemover
  readonly accessKeys: AccessKeys
  readonly eventsApi: EventsApi
  readonly lake: Lake
  readonly destinations: Destinations
  readonly expressions: Expressions
  readonly bus: Bus
  readonly healthEvents: HealthEvents
  readonly page: PageFiles
}
