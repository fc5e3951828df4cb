import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Feature } from '../../../shared/contract/apis.ts'
import { type EventStream, listedStream } from './events-api/event-stream.ts'
import { type Instant, instantAt, parseInstant } from './events-api/instant.ts'
import { findElements, findMember, findValues, type Span } from './events-api/json-text.ts'

type JsonObject = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const FILE_NAMES: readonly (readonly [RegExp, Feature])[] = [
  [/sign-?_?in/i, 'signinattempts'],
  [/item/i, 'itemusages'],
  [/audit/i, 'auditevents'],
]

/**
 * Finds the stream of an event, which does not name it. Its members show it (docs/reference/events-api.md, "Event
 * types"), or else the name of the file does.
 */
function findFeature(event: JsonObject, file: string): Feature | undefined {
  if ('target_user' in event || ('session_uuid' in event && 'category' in event)) return 'signinattempts'
  if ('item_uuid' in event || 'used_version' in event) return 'itemusages'
  if ('actor_uuid' in event || 'object_type' in event) return 'auditevents'
  return FILE_NAMES.find(([pattern]) => pattern.test(basename(file)))?.[1]
}

interface FileText {
  readonly file: string
  readonly text: string
}

function newFault({ file, text }: FileText, { start }: Span, fault: string): Error {
  const line = text.slice(0, start).split('\n').length
  return new Error(`${file}, line ${line}: ${fault}`)
}

function parseSpan(source: FileText, span: Span): unknown {
  try {
    return JSON.parse(source.text.slice(span.start, span.end))
  } catch (error) {
    throw newFault(source, span, `not JSON (${error instanceof Error ? error.message : String(error)})`)
  }
}

const isPage = (value: JsonObject): boolean => Array.isArray(value['items']) && !('timestamp' in value)

/** Finds the single events: the items of a page, the elements of an array, or a value itself. */
function* eventSpans(source: FileText): Iterable<Span> {
  const { text } = source
  for (const span of findValues(text)) {
    const value = parseSpan(source, span)
    if (Array.isArray(value)) yield* findElements(text, span.start)
    else if (!isObject(value)) throw newFault(source, span, 'an event or a page of events is expected')
    else if (isPage(value))
      yield* findElements(text, findMember(text, span.start, 'items')?.start ?? span.end)
    else yield span
  }
}

interface FiledEvent {
  readonly feature: Feature
  readonly instant: Instant
  readonly uuid: string
  /** As it was written. */
  readonly json: string
}

function readEvent(source: FileText, span: Span): FiledEvent {
  const event = parseSpan(source, span)
  if (!isObject(event)) throw newFault(source, span, 'an event is expected')
  const { timestamp, uuid } = event
  const instant = typeof timestamp === 'string' ? parseInstant(timestamp) : undefined
  if (instant === undefined) throw newFault(source, span, 'the event has no RFC 3339 timestamp')
  const feature = findFeature(event, source.file)
  if (!feature) {
    throw newFault(
      source,
      span,
      'neither the event nor the name of the file (signin…, item…, audit…) shows its API',
    )
  }
  return {
    feature,
    instant,
    uuid: typeof uuid === 'string' ? uuid : '',
    json: source.text.slice(span.start, span.end),
  }
}

async function readText(file: string): Promise<FileText> {
  const bytes = await readFile(file)
  try {
    return { file, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    throw new Error(`${file}: not UTF-8`)
  }
}

const RETENTION_MS = 120 * 86_400_000
const HOUR_MS = 3_600_000

/** If a client asks for everything that the service keeps, it gets every event of the files, however old. */
function wholeStart(start: Instant, nowMs: number): Instant | '' {
  return start <= instantAt(nowMs - RETENTION_MS + HOUR_MS) ? '' : start
}

function fileStream(events: readonly FiledEvent[]): EventStream {
  const key = ({ instant, uuid }: FiledEvent): string => `${instant} ${uuid}`
  const sorted = events.toSorted((one, other) =>
    key(one) <= key(other) ? (key(one) < key(other) ? -1 : 0) : 1,
  )
  return listedStream(sorted, { toEvent: event => event, moveStart: wholeStart })
}

/**
 * Creates streams of the events in files (Events API pages or NDJSON). Each event is served token for token as written.
 * Rejects with the file and line of what cannot be served.
 */
export async function eventFileStreams(files: readonly string[]): Promise<Record<Feature, EventStream>> {
  const filed: FiledEvent[] = []
  for (const file of files) {
    const source = await readText(file)
    for (const span of eventSpans(source)) filed.push(readEvent(source, span))
  }
  const stream = (feature: Feature) => fileStream(filed.filter(event => event.feature === feature))
  return {
    signinattempts: stream('signinattempts'),
    itemusages: stream('itemusages'),
    auditevents: stream('auditevents'),
  }
}
