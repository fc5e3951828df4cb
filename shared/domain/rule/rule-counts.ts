import { createHash } from 'node:crypto'
import type { ProcessingRule, RuleType } from '../source/source.ts'

/** How many events each rule has dropped or changed, by the id of the rule. */
export type RuleCounts = Readonly<Record<string, number>>

type Effect = 'dropped' | 'changed'

const EFFECTS: Readonly<Record<RuleType, Effect>> = {
  Exclude: 'dropped',
  Include: 'dropped',
  Mask: 'changed',
  Hash: 'changed',
}

const MARKS: Readonly<Record<Effect, string>> = { dropped: 'd', changed: 'c' }

const toId = (filterType: RuleType, name: string): string =>
  MARKS[EFFECTS[filterType]] + createHash('sha256').update(`${filterType} ${name}`).digest('hex').slice(0, 6)

/**
 * Returns the id under which a rule is counted: short, because tasks and the metadata of objects hold it. All Include rules have
 * one id, because an event is dropped if none of them matches.
 */
export const toRuleId = ({ filterType, name }: Pick<ProcessingRule, 'filterType' | 'name'>): string =>
  toId(filterType, filterType === 'Include' ? '' : name)

export function addCounts(a: RuleCounts = {}, b: RuleCounts = {}): RuleCounts {
  const sum = { ...a }
  for (const [id, count] of Object.entries(b)) sum[id] = (sum[id] ?? 0) + count
  return sum
}

/** Returns the counts of these rules only. Undefined if there are none. */
export function keepCounts(
  counts: RuleCounts = {},
  rules: readonly ProcessingRule[] = [],
): RuleCounts | undefined {
  const ids = new Set(rules.map(toRuleId))
  const kept = Object.entries(counts).filter(([id]) => ids.has(id))
  return kept.length > 0 ? Object.fromEntries(kept) : undefined
}

const sumOf = (counts: RuleCounts, effect: Effect): number =>
  Object.entries(counts).reduce((sum, [id, count]) => sum + (id.startsWith(MARKS[effect]) ? count : 0), 0)

/** How many events were dropped. An event is dropped once, by one rule. */
export const countDropped = (counts: RuleCounts = {}): number => sumOf(counts, 'dropped')

/** How many changes were made to events. An event that two rules change counts twice. */
export const countChanged = (counts: RuleCounts = {}): number => sumOf(counts, 'changed')

/** What one rule has done. */
export interface RuleEffect extends Pick<ProcessingRule, 'name' | 'filterType'> {
  readonly dropped?: number
  readonly changed?: number
}

/** Returns what each rule has done, in the order of the rules. */
export const describeCounts = (
  rules: readonly ProcessingRule[],
  counts: RuleCounts = {},
): readonly RuleEffect[] =>
  rules.map(rule => ({
    name: rule.name,
    filterType: rule.filterType,
    [EFFECTS[rule.filterType]]: counts[toRuleId(rule)] ?? 0,
  }))

/** Renders counts for the metadata of an object. */
export const toCountsText = (counts: RuleCounts): string =>
  Object.entries(counts)
    .map(([id, count]) => `${id}=${count}`)
    .join()

/** Reads what toCountsText has rendered. */
export const parseCounts = (text: string): RuleCounts =>
  Object.fromEntries(
    Array.from(text.matchAll(/([cd][0-9a-f]{6})=(\d+)/g), ([, id = '', count]) => [id, Number(count)]),
  )
