import { createHmac, hash } from 'node:crypto'
import { MAX_ITEM_TEXT } from '../../contract/limits.ts'
import { parseJson } from '../failure/parse-json.ts'
import { type Item, toItemText } from './item.ts'
import { iterateMembers } from './json-text.ts'

/*
 * A mark is a short text by which an event is recognised when it is read again: its uuid, or a digest. Other characters
 * than these do not occur in a mark, and none is longer than 64.
 */

const UUID = /^[\w-]{1,64}$/

/** 128 bits of a SHA-256. The first character does not occur in a uuid that is a mark. */
const toDigest = (text: string): string => `#${hash('sha256', text, 'base64url').slice(0, 22)}`

const markUuid = (uuid: string): string => (UUID.test(uuid) ? uuid : toDigest(`uuid ${uuid}`))

/** The members of an object, each as received, without white space. Their order does not count. */
const listMembers = (json: string): readonly string[] =>
  Array.from(
    iterateMembers(json, 0),
    ({ key, value }) => `${json.slice(key.start, key.end)}:${json.slice(value.start, value.end)}`,
  )

const markMembers = (members: readonly string[]): string => toDigest([...members].sort().join())

/** Returns the mark of an event: by its uuid, or by its own text if it has none. */
export const markItem = (item: Item): string =>
  item.uuid === undefined ? markMembers(listMembers(toItemText(item))) : markUuid(item.uuid)

/**
 * Returns the mark of an event that processing rules have changed so that its line does not show its own mark any more. Who has
 * the line, and not the salt of the source, cannot find out by trying what was masked. No mark of another kind begins so.
 */
export const markChanged = (item: Item, salt: string): string =>
  `~${createHmac('sha256', salt).update(markItem(item)).digest('base64url').slice(0, 22)}`

/** Whether an event is among those that were delivered. `salt`: of its source, if that has or had processing rules. */
export const isMarked = (item: Item, marks: ReadonlySet<string>, salt: string | undefined): boolean =>
  marks.has(markItem(item)) || (salt !== undefined && marks.has(markChanged(item, salt)))

const CHANGED_MARK = /^~[\w-]{22}$/

/** Returns the mark that the metadata of a line hold. They are its last member, whatever its name is. */
function findChangedMark(parsed: object): string | undefined {
  const metadata = Object.entries(parsed).at(-1)?.[1] as { readonly mark?: unknown } | null | undefined
  const mark = metadata?.mark
  return typeof mark === 'string' && CHANGED_MARK.test(mark) ? mark : undefined
}

/**
 * Returns the mark of an event by its line in the lake: the text without the metadata, which are the last member. Returns
 * undefined for what is no event.
 */
export function markLine(line: string): string | undefined {
  const parsed = parseJson(line) as { readonly uuid?: unknown } | undefined
  if (parsed === undefined || !line.startsWith('{')) return undefined
  const changed = findChangedMark(parsed)
  if (changed !== undefined) return changed
  const { uuid } = parsed
  return typeof uuid === 'string' && uuid.length <= MAX_ITEM_TEXT
    ? markUuid(uuid)
    : markMembers(listMembers(line).slice(0, -1))
}
