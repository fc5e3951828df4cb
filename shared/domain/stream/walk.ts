import type { Overlap } from '../task/task.ts'

/**
 * How far the ledger was walked back from the last object before a reset, and which events were found there. It depends
 * on nothing but the two ends and the lake, whose objects never change. So it may be kept, and be lost, at any time.
 */
export interface Walk extends Pick<Overlap, 'from' | 'lastObjectKey'> {
  /** The key of the object to read next. Undefined if the walk has come to its end. */
  readonly next: string | undefined
  /** How many objects were read. */
  readonly objects: number
  /** The marks of the events in them. The walk adds to them. */
  readonly marks: Set<string>
}

export const beginWalk = ({ from, lastObjectKey }: Overlap): Walk => ({
  from,
  lastObjectKey,
  next: lastObjectKey,
  objects: 0,
  marks: new Set(),
})

const SCHEMA = 1

/** Returns the walk as text: one line of JSON, and then one line for each mark. */
export function toWalkText({ marks, ...walk }: Walk): string {
  const head = JSON.stringify({ schema: SCHEMA, ...walk, events: marks.size })
  return [head, ...marks].join('\n')
}

interface Head extends Partial<Omit<Walk, 'marks'>> {
  readonly schema?: unknown
  readonly events?: unknown
}

function parseHead(text: string): Head {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

/** Reads a walk that was kept. Returns undefined if it is of another overlap, or was not written by this code. */
export function parseWalk(text: string, { from, lastObjectKey }: Overlap): Walk | undefined {
  const [first = '', ...lines] = text.split('\n')
  const { schema, events, objects, next, ...ends } = parseHead(first)
  const marks = new Set(lines)
  const isWhole = schema === SCHEMA && events === marks.size && typeof objects === 'number'
  if (!isWhole || ends.from !== from || ends.lastObjectKey !== lastObjectKey) return undefined
  return { from, lastObjectKey, next: typeof next === 'string' ? next : undefined, objects, marks }
}
