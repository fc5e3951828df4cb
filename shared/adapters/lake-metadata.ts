import { hash } from 'node:crypto'
import { CURSORS_PREFIX } from '../contract/lake-layout.ts'
import { parseCounts, toCountsText } from '../domain/rule/rule-counts.ts'
import { NO_CURSOR } from '../domain/stream/page.ts'
import type { PageRecord } from '../domain/stream/page-record.ts'

/** The user metadata of an object may have 2 KB in total, so a longer cursor goes into an object of its own. */
const MAX_INLINE_CURSOR = 1024

const keyForCursor = (cursor: string): string => `${CURSORS_PREFIX}${hash('sha256', cursor)}`

/** The members of a record that are texts, and their names in the metadata. */
const TEXTS = {
  asked: 'asked',
  link: 'link',
  previousKey: 'previous-key',
  firstTimestamp: 'first-timestamp',
  lastTimestamp: 'last-timestamp',
  pastTimestamp: 'past-timestamp',
  middleTimestamp: 'middle-timestamp',
  newest: 'newest-timestamp',
  aheadKey: 'ahead-key',
  steppedOver: 'stepped-over',
} as const satisfies Partial<Record<keyof PageRecord, string>>

type Texts = { -readonly [K in keyof typeof TEXTS]: string }

const textNames = Object.entries(TEXTS) as [keyof Texts, string][]

/** S3 sends metadata in headers, which are ASCII. That is why the cursor is encoded. */
function describeCursor({ nextCursor }: PageRecord, filtered: string): Record<string, string> {
  if (nextCursor === NO_CURSOR) return {}
  const encoded = encodeURIComponent(nextCursor)
  if (encoded.length <= MAX_INLINE_CURSOR - filtered.length) return { 'next-cursor': encoded }
  return { 'next-cursor-key': keyForCursor(nextCursor) }
}

export function toMetadata(record: PageRecord): Record<string, string> {
  const texts = textNames.flatMap(([member, name]) => {
    const text = record[member]
    return text === undefined ? [] : [[name, text] as const]
  })
  const counts = { count: `${record.count}`, 'late-count': `${record.lateCount}` }
  const { unreadableCount } = record
  const filtered = record.filtered ? toCountsText(record.filtered) : ''
  const unreadable = unreadableCount === undefined ? {} : { 'unreadable-count': `${unreadableCount}` }
  return {
    ...describeCursor(record, filtered),
    ...Object.fromEntries(texts),
    chain: `${record.chain}`,
    ...counts,
    ...unreadable,
    ...(filtered && { filtered }),
  }
}

function readTexts(metadata: Record<string, string>): Texts {
  const texts = textNames.flatMap(([member, name]) =>
    metadata[name] === undefined ? [] : [[member, metadata[name]]],
  )
  return Object.fromEntries(texts)
}

/** Older objects do not say how many events were late. */
const readCounts = ({
  count,
  'late-count': late,
  'unreadable-count': unreadable,
  filtered,
}: Record<string, string>) => ({
  count: Number(count),
  lateCount: Number(late ?? 0),
  ...(unreadable !== undefined && { unreadableCount: Number(unreadable) }),
  ...(filtered !== undefined && { filtered: parseCounts(filtered) }),
})

/** Reads the metadata of an object. Its cursor may be in an object of its own, which `readCursor` reads. */
export async function parseMetadata(
  metadata: Record<string, string>,
  readCursor: (key: string) => Promise<string>,
): Promise<PageRecord> {
  const { 'next-cursor': inline, 'next-cursor-key': elsewhere, chain } = metadata
  const kept = elsewhere === undefined ? NO_CURSOR : await readCursor(elsewhere)
  const nextCursor = inline === undefined ? kept : decodeURIComponent(inline)
  return { ...readTexts(metadata), chain: Number(chain), ...readCounts(metadata), nextCursor }
}
