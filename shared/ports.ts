import type { CollectionDue } from './contract/events.ts'
import type { PageRecord } from './domain/page-record.ts'
import type { TaskChange } from './domain/progress.ts'
import type { Collector, RegisteredSource, Source } from './domain/source.ts'
import type { Task, TaskKey } from './domain/task.ts'

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

export interface Lease {
  readonly owner: string
  readonly nowMs: number
  readonly expiresMs: number
  /** Date folder for the page at the cursor, unless one is kept from a run that may have written it. */
  readonly partition: string
}

export interface TaskStore {
  /**
   * Takes the task if it is free, or its lease has expired, and it is neither halted nor Stopping. Raises the fence.
   * Answers the task as it now is and whether the previous run left its end open (`recovering`: an uncommitted object
   * may exist at the cursor); undefined if the task is not to be had.
   */
  acquire(
    key: TaskKey,
    lease: Lease,
  ): Promise<{ readonly task: Task; readonly recovering: boolean } | undefined>
  /** Writes under the fence. False: another run or the user took the task since; nothing was written. */
  save(key: TaskKey, fence: number, change: TaskChange): Promise<boolean>
  /** Creates a task; one that exists already is left as it is. */
  create(task: Task): Promise<void>
  ofSource(sourceId: number): Promise<readonly Task[]>
  /** All tasks, a table page at a time. */
  pages(): AsyncIterable<readonly Task[]>
}

export interface Registry {
  /** Consistent read of both in one call; undefined if either is missing. */
  registered(collectorId: number, sourceId: number): Promise<RegisteredSource | undefined>
  collector(collectorId: number): Promise<Collector | undefined>
  /** A number never given before, for a collector or a source. */
  nextId(): Promise<number>
  /** Reserves a name within a scope for an owner. False: the name is another's. Safe to repeat. */
  reserveName(reservation: NameReservation): Promise<boolean>
  /** Gives the name up: another owner may reserve it at once. A name that is not this owner's is left alone. */
  releaseName(reservation: NameReservation): Promise<void>
  /** Creates it; one that exists already is left as it is. */
  putCollector(collector: Collector): Promise<void>
  /** Creates it; one that exists already is left as it is. */
  putSource(source: Source): Promise<void>
}

export interface NameReservation {
  /** undefined: names of collectors; else names of this collector's sources. */
  readonly collectorId?: number
  readonly name: string
  readonly ownerId: number
  readonly nowMs: number
}

export interface TokenReader {
  /** The source's token; cached for minutes. Throws if it cannot be read. */
  token(sourceId: number): Promise<string>
  /** The next call reads it anew. */
  forget(sourceId: number): void
}

export interface TokenWriter {
  /** Stores the token of a new source, over one that an earlier deployment may have left under the same id. */
  createToken(sourceId: number, token: string): Promise<void>
}

export interface AccessKey {
  readonly accessId: string
  readonly accessKey: string
}

export interface AccessKeys {
  current(): Promise<AccessKey>
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

export interface Bus {
  /** Returns when every event is accepted; throws after a few rounds if some are still refused. */
  publishDue(due: readonly CollectionDue[]): Promise<void>
}

export interface Log {
  debug(message: string, extra: Record<string, unknown>): void
  info(message: string, extra: Record<string, unknown>): void
  warn(message: string, extra: Record<string, unknown>): void
  error(message: string, extra: Record<string, unknown>): void
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
  readonly accessKeys: AccessKeys
  readonly eventsApi: EventsApi
  readonly lake: Lake
  readonly bus: Bus
}
