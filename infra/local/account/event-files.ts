import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Feature } from '../../../shared/contract/apis.ts'
import { type EventStream, eventKey, type StoredEvent } from './events-api/event-stream.ts'
import { type Instant, instantOf, parseInstant } from './events-api/instant.ts'
import { elements, member, type Span, values } from './events-api/json-text.ts'

type JsonObject = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const FILE_NAMES: readonly (readonly [RegExp, Feature])[] = [
  [/sign-?_?in/i, 'signinattempts'],
  [/item/i, 'itemusages'],
  [/audit/i, 'auditevents'],
]

/** The stream is not named in an event: only its members tell (reference §6). */
function featureOf(event: JsonObject, file: string): Feature | undefined {
  if ('target_user' in event || ('session_uuid' in event && 'category' in event)) return 'signinattempts'
  if ('item_uuid' in event || 'used_version' in event) return 'itemusages'
  if ('actor_uuid' in event || 'object_type' in event) return 'auditevents'
  return FILE_NAMES.find(([pattern]) => pattern.test(basename(file)))?.[1]
}

interface FileText {
  readonly file: string
  readonly text: string
}

function faultAt({ file, text }: FileText, { start }: Span, fault: string): Error {
  const line = text.slice(0, start).split('\n').length
  return new Error(`${file}, line ${line}: ${fault}`)
}

function parse(source: FileText, span: Span): unknown {
  try {
    return JSON.parse(source.text.slice(span.start, span.end))
  } catch (error) {
    throw faultAt(source, span, `not JSON (${error instanceof Error ? error.message : String(error)})`)
  }
}

const isPage = (value: JsonObject): boolean => Array.isArray(value['items']) && !('timestamp' in value)

/** Places of the single events: the items of a page, the elements of an array, or the value itself. */
function* eventSpans(source: FileText): Iterable<Span> {
  const { text } = source
  for (const span of values(text)) {
    const value = parse(source, span)
    if (Array.isArray(value)) yield* elements(text, span.start)
    else if (!isObject(value)) throw faultAt(source, span, 'an event or a page of events is expected')
    else if (isPage(value)) yield* elements(text, member(text, span.start, 'items')?.start ?? span.end)
    else yield span
  }
}

interface FiledEvent {
  readonly feature: Feature
  readonly instant: Instant
  readonly uuid: string
  readonly raw: string
}

function filedEvent(source: FileText, span: Span): FiledEvent {
  const event = parse(source, span)
  if (!isObject(event)) throw faultAt(source, span, 'an event is expected')
  const { timestamp, uuid } = event
  const instant = typeof timestamp === 'string' ? parseInstant(timestamp) : undefined
  if (instant === undefined) throw faultAt(source, span, 'the event has no RFC 3339 timestamp')
  const feature = featureOf(event, source.file)
  if (!feature) {
    throw faultAt(
      source,
      span,
      'neither the event nor the name of the file (signin…, item…, audit…) tells its API',
    )
  }
  return {
    feature,
    instant,
    uuid: typeof uuid === 'string' ? uuid : '',
    raw: source.text.slice(span.start, span.end),
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

/** Events that agree in time and uuid are told apart by their number: a page may end between them. */
function stored(events: readonly FiledEvent[]): StoredEvent[] {
  const seen = new Map<string, number>()
  const keyed = events.map(({ instant, uuid, raw }) => {
    const key = eventKey(instant, uuid)
    const number = seen.get(key) ?? 0
    seen.set(key, number + 1)
    return { instant, uuid, key: `${key} ${String(number).padStart(6, '0')}`, text: () => raw }
  })
  return keyed.sort((one, other) => (one.key < other.key ? -1 : 1))
}

const RETENTION_MS = 120 * 86_400_000
const HOUR_MS = 3_600_000

/** Whoever asks for all that the service keeps gets all that the files hold, however old. */
function wholeStart(start: Instant, now: Instant): Instant | '' {
  const oldest = instantOf(Date.parse(`${now.slice(0, 23)}Z`) - RETENTION_MS + HOUR_MS)
  return start <= oldest ? '' : start
}

function fileStream(events: readonly StoredEvent[]): EventStream {
  return {
    startFor: wholeStart,
    *read({ after }) {
      for (const event of events) if (event.key > after) yield { key: event.key, event }
    },
  }
}

/**
 * Streams of the events in these files (Events API pages or NDJSON), each event token for token as written. Rejects with the
 * file and line of what cannot be served.
 */
export async function eventFileStreams(files: readonly string[]): Promise<Record<Feature, EventStream>> {
  const filed: FiledEvent[] = []
  for (const file of files) {
    const source = await readText(file)
    for (const span of eventSpans(source)) filed.push(filedEvent(source, span))
  }
  const of = (feature: Feature) => fileStream(stored(filed.filter(event => event.feature === feature)))
  return {
    signinattempts: of('signinattempts'),
    itemusages: of('itemusages'),
    auditevents: of('auditevents'),
  }
}
