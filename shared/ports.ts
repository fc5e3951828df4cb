import type { CollectionDue, EpisodeOpened, SourceStopping } from './contract/events.ts'
import type { Measured } from './contract/metrics.ts'
import type { AccessKeyRecord } from './domain/source/access-key.ts'
import type { Collector, FieldSchema, RegisteredSource, Source } from './domain/source/source.ts'
import type { PageRecord } from './domain/stream/page-record.ts'
import type { HealthEvent } from './domain/task/health-event.ts'
import type { Transition } from './domain/task/life.ts'
import type { Task, TaskKey } from './domain/task/task.ts'
import type { HealthChange } from './domain/task/task-health.ts'

export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export interface Random {
  uuid(): string
  /** Uniform in [0, 1). */
  fraction(): number
}

/** A task before and after a transition. */
export interface Applied {
  readonly before: Task
  readonly after: Task
}

export interface TaskStore {
  /** Consistent. Returns undefined if the task is gone. */
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
  ofSource(sourceId: number): Promise<readonly Task[]>
  /** All tasks, one page of the table at a time. */
  pages(): AsyncIterable<readonly Task[]>
}

export interface Registry {
  /** Consistent read of collector and source in one call; undefined if one of them is missing. */
  registered(collectorId: number, sourceId: number): Promise<RegisteredSource | undefined>
  collector(collectorId: number): Promise<Collector | undefined>
  /** In the order of their ids. */
  collectors(): Promise<readonly Collector[]>
  source(collectorId: number, sourceId: number): Promise<Source | undefined>
  /** In the order of their ids. */
  sources(collectorId: number): Promise<readonly Source[]>
  /** A number never given before, for a collector or a source. */
  nextId(): Promise<number>
  /** Reserves a name within a scope for an owner. False: the name is another's. Safe to repeat. */
  reserveName(reservation: NameReservation): Promise<boolean>
  /**
   * Gives the name up: another owner may reserve it at once. One that is not this owner's stays, and one that the owner
   * reserved more than once too: another request may count on it. Such a one is free once it is old and nobody bears it.
   */
  releaseName(name: OwnedName): Promise<void>
  /** Creates it; one that exists already is left as it is. */
  putCollector(collector: Collector): Promise<void>
  /** Creates it; one that exists already is left as it is. */
  putSource(source: Source): Promise<void>
  /** Writes it (with its own, higher version) if the stored one still has the expected version. False: it has not. */
  replaceCollector(collector: Collector, expectedVersion: number): Promise<boolean>
  replaceSource(source: Source, expectedVersion: number): Promise<boolean>
  /** False: it is of another version or gone. */
  removeCollector(collectorId: number, expectedVersion: number): Promise<boolean>
  /** Removes it whatever its version; gone already is fine. */
  removeSource(collectorId: number, sourceId: number): Promise<void>
  /** Consistent; the empty schema of version 0 before the first write. */
  fieldSchema(): Promise<FieldSchema>
  replaceFieldSchema(schema: FieldSchema, expectedVersion: number): Promise<boolean>
}

export interface OwnedName {
  /** undefined: names of collectors; else names of this collector's sources. */
  readonly collectorId?: number
  readonly name: string
  readonly ownerId: number
}

export interface NameReservation extends OwnedName {
  readonly nowMs: number
}

export interface TokenReader {
  /**
   * The token in this version of the source's secret, the current one if the secret has no such version any more; cached
   * for minutes. Throws if it cannot be read.
   */
  token(sourceId: number, version: string): Promise<string>
  /**
   * The secret's current token, uncached, if it was put there after this version: by hand. undefined if it was not: an
   * older one was replaced on purpose.
   */
  newerToken(sourceId: number, version: string): Promise<string | undefined>
  /** The next `token` reads anew. */
  forget(sourceId: number): void
}

export interface TokenWriter {
  /** Stores the token of a new source, over one that an earlier deployment may have left. Answers its version. */
  createToken(sourceId: number, token: string): Promise<string>
  /**
   * Adds a version that nobody reads until a source names it, and answers it. The current version stays. undefined: the
   * secret is gone.
   */
  proposeToken(sourceId: number, token: string): Promise<string | undefined>
  /** Makes the version current, unless the current one is newer: then a user has put it there by hand. Safe to repeat. */
  promoteToken(sourceId: number, version: string): Promise<void>
}

export interface TokenRemover {
  /** Deletes the source's secret; gone already is fine. */
  removeToken(sourceId: number): Promise<void>
}

export interface AccessKeys {
  /** The current key, and the previous one while it is kept. */
  current(): Promise<AccessKeyRecord>
}

/** For who rotates the key: an operator's command, no function. */
export interface AccessKeyStore {
  /** What the secret holds, in which version, and the time by which keys expire. */
  read(): Promise<{ readonly record: AccessKeyRecord; readonly version: string; readonly nowMs: number }>
  /** Replaces it if the version is still the current one. False: somebody else has replaced it. */
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
  /** One request, one answer, whatever its status. Throws NetworkFailure when there is none. */
  send(call: EventsApiCall): Promise<EventsApiAnswer>
}

export interface Lake {
  /** Creates the object; `exists` if there is one under this key, which then stands unchanged. */
  create(key: string, body: Uint8Array, record: PageRecord): Promise<'created' | 'exists'>
  /** The record of an object, undefined if there is none. */
  record(key: string): Promise<PageRecord | undefined>
  /** Record and lines of an object, undefined if there is none. */
  read(key: string): Promise<{ readonly record: PageRecord; readonly lines: readonly string[] } | undefined>
}

/** A part of a list, by a place that the part before named. */
export interface Part {
  readonly limit: number
  /** Where the part before ended. */
  readonly after?: string | undefined
}

export interface HealthEventList {
  readonly events: readonly HealthEvent[]
  /** There are more, after this place. */
  readonly next?: string
}

export interface UnresolvedPart extends Part {
  /** Of these sources alone. */
  readonly sources?: ReadonlySet<number>
}

export interface HistoryPart extends Part {
  /** Events before this time (RFC 3339, UTC with milliseconds) are forgotten. */
  readonly since: string
}

export interface HealthEvents {
  /**
   * Records a change of a source's health in its history, and as open or closed. Safe to repeat and to come late: what
   * stands of a tracker is what its latest change says.
   */
  record(sourceId: number, change: HealthChange): Promise<void>
  /** Events that no healthy one has closed, in the order of sources and trackers. */
  unresolved(part: UnresolvedPart): Promise<HealthEventList>
  /** Every event of a source, newest first. */
  history(sourceId: number, part: HistoryPart): Promise<HealthEventList>
}

export interface Bus {
  /** Returns when every event is accepted; throws after a few rounds if some are still refused. */
  publishDue(due: readonly CollectionDue[]): Promise<void>
  publishStopping(stopping: readonly SourceStopping[]): Promise<void>
  publishOpened(episodes: readonly EpisodeOpened[]): Promise<void>
  publishHealth(events: readonly HealthEvent[]): Promise<void>
}

export interface LogMembers {
  /** Sent to CloudWatch with the line. */
  readonly metrics?: Measured
  readonly [name: string]: unknown
}

export interface Log {
  debug(message: string, extra: LogMembers): void
  info(message: string, extra: LogMembers): void
  warn(message: string, extra: LogMembers): void
  error(message: string, extra: LogMembers): void
}

/** Every side effect. A function takes the ones that it uses as Pick<Ports, …>. */
export interface Ports {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly tasks: TaskStore
  readonly registry: Registry
  readonly tokens: TokenReader
  readonly tokenWriter: TokenWriter
  readonly tokenRemover: TokenRemover
  readonly accessKeys: AccessKeys
  readonly eventsApi: EventsApi
  readonly lake: Lake
  readonly bus: Bus
  readonly healthEvents: HealthEvents
}
