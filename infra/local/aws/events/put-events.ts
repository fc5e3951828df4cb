import { type JsonInput, refuseUnknownMembers } from '../gateway/json-protocol.ts'
import { ServiceError } from '../gateway/service.ts'

/** An event as rules and targets see it. */
export interface EventEnvelope {
  readonly version: '0'
  readonly id: string
  readonly 'detail-type': string
  readonly source: string
  readonly account: string
  /** RFC 3339 in UTC, whole seconds. */
  readonly time: string
  readonly region: string
  readonly resources: readonly string[]
  readonly detail: Readonly<Record<string, unknown>>
}

/** An entry of PutEvents as the SDK sends it. Its time is in epoch seconds. */
export interface Entry {
  readonly Source?: string
  readonly DetailType?: string
  readonly Detail?: string
  readonly EventBusName?: string
  readonly Time?: number
}

export type EntryResult =
  | { readonly EventId: string }
  | { readonly ErrorCode: string; readonly ErrorMessage: string }

const MEMBERS = new Set(['Source', 'DetailType', 'Detail', 'EventBusName', 'Time'])

const MAX_ENTRIES = 10
const MAX_BYTES = 256 * 1024
const TIME_BYTES = 14

/** Throws for a request that is refused as a whole: by the limits of EventBridge, or for what is not emulated. */
export function checkEntries(entries: readonly Entry[]): void {
  for (const entry of entries) refuseUnknownMembers('events:PutEvents', entry as JsonInput, MEMBERS)
  if (entries.length < 1 || entries.length > MAX_ENTRIES) {
    const bound = entries.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${MAX_ENTRIES}`
    const message = `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${bound}`
    throw new ServiceError('ValidationException', message)
  }
  if (entries.reduce((total, entry) => total + entryBytes(entry), 0) > MAX_BYTES) {
    throw new ServiceError(
      'ValidationException',
      'Total size of the entries in the request is over the limit.',
    )
  }
}

function entryBytes({ Source = '', DetailType = '', Detail = '', Time }: Entry): number {
  const texts = [Source, DetailType, Detail]
  return texts.reduce((total, text) => total + Buffer.byteLength(text), Time === undefined ? 0 : TIME_BYTES)
}

/** What an event has and its entry does not. */
interface Acceptance {
  readonly id: string
  readonly account: string
  readonly region: string
  readonly nowMs: number
}

/** Returns the event of an entry, or why this entry alone is refused. */
export function toEnvelope(
  entry: Entry,
  { id, account, region, nowMs }: Acceptance,
): EventEnvelope | Exclude<EntryResult, { EventId: string }> {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (!entry[name])
      return createInvalidArgument(`Parameter ${name} is not valid. Reason: ${name} is a required argument.`)
  }
  if (entry.Source?.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' }
  }
  const detail = parseObject(entry.Detail ?? '')
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }
  return {
    version: '0',
    id,
    'detail-type': entry.DetailType ?? '',
    source: entry.Source ?? '',
    account,
    time: `${new Date(entry.Time === undefined ? nowMs : entry.Time * 1000).toISOString().slice(0, 19)}Z`,
    region,
    resources: [],
    detail,
  }
}

const createInvalidArgument = (reason: string) => ({ ErrorCode: 'InvalidArgument', ErrorMessage: reason })

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
