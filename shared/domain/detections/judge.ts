import { API_NAMES, type Api } from '../../contract/apis.ts'
import type { JsonObject } from '../ocsf/members.ts'
import { toMilliseconds } from '../stream/timestamp.ts'
import { readText } from './event-values.ts'
import type { DetectionLists } from './lists.ts'
import type { Condition, Memory, Rule, Source } from './rule.ts'
import { RULES } from './rules.ts'

/** When an event left the memory with this key, epoch milliseconds. */
export type Recall = (key: string) => number | undefined

export interface JudgeOptions {
  readonly lists: DetectionLists
  /** Only for keys that `findRecallKeys` returns. */
  readonly recall: Recall
}

/** What an event leaves for later events. */
export interface LeftMemory {
  readonly key: string
  /** When the event happened, epoch milliseconds. */
  readonly atMs: number
  /** How much younger an event may be that asks for it. */
  readonly withinMs: number
}

const timeOf = (event: JsonObject): number => toMilliseconds(readText(event, ['timestamp']) ?? '')

/** Returns undefined if the event does not have all values. */
function toKey(event: JsonObject, { name }: Memory, by: readonly Source[]): string | undefined {
  const values = by.map(source => readText(event, source))
  return values.includes(undefined) ? undefined : JSON.stringify([name, ...values])
}

function isInList(event: JsonObject, source: Source, list: ReadonlySet<string>): boolean | undefined {
  const text = readText(event, source)
  return text === undefined ? undefined : list.has(text.trim().toLowerCase())
}

function areSame(event: JsonObject, [one, other]: readonly [Source, Source]): boolean {
  const value = readText(event, one)
  return value !== undefined && value === readText(event, other)
}

function isAfter(event: JsonObject, memory: Memory, by: readonly Source[], recall: Recall): boolean {
  const key = toKey(event, memory, by)
  const leftMs = key === undefined ? undefined : recall(key)
  if (leftMs === undefined) return false
  const passedMs = timeOf(event) - leftMs
  return passedMs >= 0 && passedMs <= memory.withinMs
}

function holds(event: JsonObject, condition: Condition, { lists, recall }: JudgeOptions): boolean {
  switch (condition.kind) {
    case 'word':
      return condition.words.includes(readText(event, [condition.member]) ?? '')
    case 'listed':
      return isInList(event, condition.source, lists[condition.list]) === true
    case 'unlisted':
      return isInList(event, condition.source, lists[condition.list]) === false
    case 'same':
      return areSame(event, condition.sources)
    case 'different':
      return !areSame(event, condition.sources)
    case 'other-ending':
      return !(readText(event, condition.source) ?? '').endsWith(condition.ending)
    case 'after':
      return isAfter(event, condition.memory, condition.by, recall)
  }
}

const BY_API = new Map(API_NAMES.map(api => [api, RULES.filter(rule => rule.api === api)]))

const rulesOf = (api: Api): readonly Rule[] => BY_API.get(api) ?? []

/** Returns the rules that hold for an event. */
export const judgeEvent = (api: Api, event: JsonObject, options: JudgeOptions): Rule[] =>
  rulesOf(api).filter(({ when }) => when.every(condition => holds(event, condition, options)))

/** Returns what must be looked up before an event is judged. It is nothing for nearly all events. */
export function findRecallKeys(api: Api, event: JsonObject, lists: DetectionLists): string[] {
  const keys = new Set<string>()
  const recall: Recall = key => {
    keys.add(key)
    return undefined
  }
  judgeEvent(api, event, { lists, recall })
  return [...keys]
}

/** Returns what an event leaves, given the rules that hold for it. */
export function findLeftMemories(event: JsonObject, rules: readonly Rule[]): LeftMemory[] {
  const atMs = timeOf(event)
  return rules.flatMap(({ leaves }) => {
    const key = leaves && toKey(event, leaves.memory, leaves.by)
    if (key === undefined || Number.isNaN(atMs)) return []
    return [{ key, atMs, withinMs: leaves?.memory.withinMs ?? 0 }]
  })
}
