import type { Api } from '../../contract/apis.ts'
import type { Member } from '../ocsf/rows.ts'
import type { ListName } from './lists.ts'
import type { Technique } from './techniques.ts'

/** Members of an event of which the first one that has a value counts. */
export type Source = readonly Member[]

export type Condition =
  /** The member is one of these words. */
  | { readonly kind: 'word'; readonly member: Member; readonly words: readonly string[] }
  /** The value is in a list, or it is there and not in the list. */
  | { readonly kind: 'listed' | 'unlisted'; readonly source: Source; readonly list: ListName }
  /** Both are there and the same, or not. */
  | { readonly kind: 'same' | 'different'; readonly sources: readonly [Source, Source] }
  | { readonly kind: 'other-ending'; readonly source: Source; readonly ending: string }
  /** An event that left this memory happened at the same time or before, but not longer ago than this. */
  | { readonly kind: 'after'; readonly memory: Memory; readonly by: readonly Source[] }

/** What an event leaves for events of other streams, which may ask for it. */
export interface Memory {
  readonly name: string
  readonly withinMs: number
}

export type Severity = 'Low' | 'Medium' | 'High'

/** A detection. It looks at one event at a time. */
export interface Rule {
  readonly id: string
  readonly title: string
  readonly severity: Severity
  readonly technique: Technique
  readonly api: Api
  /** All of them must hold. */
  readonly when: readonly Condition[]
  /** What happened, with values of the event in braces (sentence.ts). */
  readonly says: string
  readonly lookAt: string
  /** Public rules that look for the same. */
  readonly covers: readonly string[]
  /** What those do in another way. */
  readonly differs: string
  /** What an event for which the rule holds leaves, by these values. */
  readonly leaves?: { readonly memory: Memory; readonly by: readonly Source[] }
}

/** The words are written with spaces between them. */
export const word = (member: Member, words: string): Condition => ({
  kind: 'word',
  member,
  words: words.split(' '),
})

export const listed = (source: Source, list: ListName): Condition => ({ kind: 'listed', source, list })
export const unlisted = (source: Source, list: ListName): Condition => ({ kind: 'unlisted', source, list })
export const same = (one: Source, other: Source): Condition => ({ kind: 'same', sources: [one, other] })
export const different = (one: Source, other: Source): Condition => ({
  kind: 'different',
  sources: [one, other],
})
export const otherEnding = (source: Source, ending: string): Condition => ({
  kind: 'other-ending',
  source,
  ending,
})
export const after = (memory: Memory, by: readonly Source[]): Condition => ({ kind: 'after', memory, by })
