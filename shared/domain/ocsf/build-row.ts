import { findCode } from './codes.ts'
import { type JsonObject, type Place, readAt, toPlace } from './members.ts'
import type { CodeRow, ConstantRow, JoinRow, Row, ValueRow } from './rows.ts'

/** The attributes of an OCSF object while it is built. */
export type Attributes = Record<string, unknown>

/** Sets the attributes of a row. Notes which members of the event are in the result as they were. */
export type BuildRow = (event: JsonObject, built: Attributes, copied: Place[]) => void

function valueRow({ to, from, as: { convert, isCopy } }: ValueRow): BuildRow {
  const places = from.map(toPlace)
  return (event, built, copied) => {
    for (const place of places) {
      const converted = convert(readAt(event, place))
      if (converted === undefined) continue
      built[to] = converted
      if (isCopy) copied.push(place)
      return
    }
  }
}

function findWord(
  event: JsonObject,
  places: readonly Place[],
  { convert }: CodeRow['as'],
): string | undefined {
  for (const place of places) {
    const word = convert(readAt(event, place))
    if (typeof word === 'string') return word
  }
  return undefined
}

function codeRow({ to, from, as, codes, others }: CodeRow): BuildRow {
  const places = from.map(toPlace)
  const without = typeof others === 'object' ? others.without : undefined
  return (event, built) => {
    const word = findWord(event, places, as) ?? without
    if (word === undefined || (others === 'none' && !codes.byWord.has(word))) return
    const { id, caption } = findCode(codes, word)
    built[`${to}_id`] = id
    built[to] = caption
  }
}

function joinRow({ to, from, between }: JoinRow): BuildRow {
  const places = from.map(toPlace)
  return (event, built) => {
    const texts = places.map(place => readAt(event, place)).filter(value => typeof value === 'string')
    if (texts.length > 0) built[to] = texts.join(between)
  }
}

const constantRow =
  ({ to, value }: ConstantRow): BuildRow =>
  (_, built) => {
    built[to] = value
  }

function compileKind(row: Row): BuildRow {
  if (row.kind === 'value') return valueRow(row)
  if (row.kind === 'code') return codeRow(row)
  return row.kind === 'join' ? joinRow(row) : constantRow(row)
}

/** Compiles a row. It does nothing if an earlier row has set its attribute. */
export function compileRow(row: Row): BuildRow {
  const build = compileKind(row)
  const { to } = row
  return (event, built, copied) => {
    if (built[to] === undefined) build(event, built, copied)
  }
}
