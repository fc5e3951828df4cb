import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { readJson, writeJson } from 'aws-emulator'
import type { Api } from '../../shared/contract/apis.ts'
import type { LocalDestination } from './destination/kept-destination.ts'
import type { Stage } from './stage.ts'

const FINGERPRINT_LENGTH = 16

/** The 1Password account that the stage's own source is registered for. */
export interface CollectedAccount {
  /** Name of its source. */
  readonly sourceName: string
  /** Describes it for a person. */
  readonly description: string
  readonly baseUrl: string
  readonly token: string
  readonly apis: readonly Api[]
  /** RFC 3339, whole seconds. @default - as the admin API chooses */
  readonly startTime?: string
  /** Added to its events. @default - none */
  readonly fields?: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** What was registered for a data directory. A file in it keeps this. */
interface Registration {
  /** A digest of account and token. It shows whether they are still the same, and does not contain the token. */
  readonly account?: string
  readonly collectorId?: number
  readonly sourceId?: number
  /** The kind of the collector's destination beside the lake. */
  readonly destination?: string
}

export interface Registered {
  readonly collectorId: number
  readonly sourceId: number
  readonly isNew: boolean
}

interface SourceState {
  readonly state: string
  readonly errorCode?: number
  readonly errorInfo?: string
}

/** A source as the admin API shows it. */
export interface ShownSource {
  readonly state: SourceState
  readonly apis: readonly Api[]
}

type Admin = Pick<Stage, 'url' | 'ownerHeaders'>

const fingerprint = ({ baseUrl, token }: CollectedAccount): string =>
  createHash('sha256')
    .update(JSON.stringify([baseUrl, token]))
    .digest('hex')
    .slice(0, FINGERPRINT_LENGTH)

interface Call {
  readonly body?: object
  /** The tag of what the call replaces. @default - the call creates something */
  readonly etag?: string
}

const toMethod = ({ body, etag }: Call): string => (body ? (etag === undefined ? 'POST' : 'PUT') : 'GET')

/** Sends one call. Returns undefined for a missing resource. Throws an error with the answer if the call fails. */
async function send(admin: Admin, path: string, asked: Call = {}) {
  const { body, etag } = asked
  const request = {
    method: toMethod(asked),
    path: `/api/v1/${path}`,
    ...(body && { body: JSON.stringify(body) }),
  }
  const headers = {
    ...admin.ownerHeaders(request),
    ...(body && { 'content-type': 'application/json' }),
    ...(etag !== undefined && { 'if-match': etag }),
  }
  const response = await fetch(`${admin.url}${request.path}`, { ...request, headers })
  const text = await response.text()
  if (response.status === 404 && !body) return undefined
  if (!response.ok) throw new Error(`The admin API answered ${response.status} to ${path}: ${text}`)
  return { text, etag: response.headers.get('etag') ?? '' }
}

/** Calls the admin API and returns the body. */
async function call<T>(admin: Admin, path: string, body?: object): Promise<T | undefined> {
  const answer = await send(admin, path, body ? { body } : {})
  return answer && (JSON.parse(answer.text) as T)
}

async function create<T>(admin: Admin, path: string, body: object): Promise<T> {
  const created = await call<T>(admin, path, body)
  if (created === undefined) throw new Error(`The admin API answered nothing to ${path}.`)
  return created
}

/** Where events go, as the admin API takes it. */
const toDestination = (destination: LocalDestination | undefined) =>
  destination ? { type: destination.kind, ...destination.settings } : { type: 'lake' }

async function createCollector(admin: Admin, destination: LocalDestination | undefined): Promise<number> {
  const named = { collectorType: 'Hosted', name: 'Local', category: 'onepassword/local' }
  const collector = { ...named, ...(destination && { destination: toDestination(destination) }) }
  return (await create<{ collector: { id: number } }>(admin, 'collectors', { collector })).collector.id
}

interface ShownCollector {
  readonly collector: { readonly destination: { readonly type: string } }
}

/** An earlier stage may have been started with another destination, or without one. */
async function setDestination(
  admin: Admin,
  collectorId: number,
  destination: LocalDestination | undefined,
): Promise<void> {
  const path = `collectors/${collectorId}`
  const read = await send(admin, path)
  const shown = read && (JSON.parse(read.text) as ShownCollector)
  const wanted = toDestination(destination)
  if (!read || !shown || shown.collector.destination.type === wanted.type) return
  const collector = { ...shown.collector, destination: wanted }
  await send(admin, path, { body: { collector }, etag: read.etag })
}

async function createSource(admin: Admin, collectorId: number, account: CollectedAccount): Promise<number> {
  const config = {
    name: account.sourceName,
    base_url: account.baseUrl,
    api_token: account.token,
    supported_apis: account.apis,
    ...(account.startTime !== undefined && { start_time: account.startTime }),
    fields: account.fields ?? {},
  }
  const source = { schemaRef: { type: '1Password' }, sourceType: 'Universal', config }
  const path = `collectors/${collectorId}/sources${account.fields ? '?autoEnableFields=true' : ''}`
  return (await create<{ source: { id: number } }>(admin, path, { source }).catch(addAdvice)).source.id
}

function addAdvice(error: Error): never {
  if (!error.message.includes('"config.base_url"')) throw error
  throw new Error(`${error.message}\nTo have it collected from another host, set OP_EVENTS_BASE_URL.`)
}

/** Returns the source as the admin API shows it, or undefined if there is no such source. */
export async function fetchSource(
  admin: Admin,
  { collectorId, sourceId }: Pick<Registered, 'collectorId' | 'sourceId'>,
): Promise<ShownSource | undefined> {
  const path = `collectors/${collectorId}/sources/${sourceId}`
  interface Answer {
    readonly source: {
      readonly state: SourceState
      readonly config: { readonly supported_apis: readonly Api[] }
    }
  }
  const answer = await call<Answer>(admin, path)
  return answer && { state: answer.source.state, apis: answer.source.config.supported_apis }
}

/**
 * Registers a collector and a source for the account over HTTP, as a user would, unless this data directory has them
 * already. Each id is kept as soon as it is known. Throws if the directory's source is of another account or token.
 */
export async function register(
  admin: Admin,
  dataDir: string,
  account: CollectedAccount,
  destination?: LocalDestination,
): Promise<Registered> {
  const file = join(dataDir, 'registration.json')
  const kept = readJson<Registration>(file) ?? {}
  const { collectorId: knownCollector, sourceId: knownSource } = kept
  if (knownSource !== undefined && kept.account !== fingerprint(account)) {
    throw new Error(`${dataDir} has a source of another account or token: use another --data.`)
  }
  if (knownCollector !== undefined && knownSource !== undefined) {
    const ids = { collectorId: knownCollector, sourceId: knownSource }
    if (await fetchSource(admin, ids)) {
      if (kept.destination !== destination?.kind) {
        await setDestination(admin, knownCollector, destination)
        writeJson(file, { ...kept, destination: destination?.kind })
      }
      return { ...ids, isNew: false }
    }
  }
  const hasCollector = knownCollector !== undefined && (await call(admin, `collectors/${knownCollector}`))
  const collectorId = hasCollector ? knownCollector : await createCollector(admin, destination)
  // The account is not kept yet. So if the source cannot be created, for example because the token is wrong, another
  // try in the same directory can succeed.
  const known = { collectorId, ...(destination && { destination: destination.kind }) }
  writeJson(file, known satisfies Registration)
  const sourceId = await createSource(admin, collectorId, account)
  writeJson(file, { account: fingerprint(account), ...known, sourceId } satisfies Registration)
  return { collectorId, sourceId, isNew: true }
}
