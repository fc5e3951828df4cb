import { hash } from 'node:crypto'
import type { Random } from '../../infra/local/account/random.ts'
import type { ProcessingRule } from '../../shared/domain/source/source.ts'
import type { AccountEvent } from './history.ts'

/**
 * The processing rules of simulated sources. What each of them must do is written down here a second time, without any regular
 * expression of the product. The second half of a uuid always stays, so that a check can tell which event a line is.
 */

export const HIDDEN_LENGTH = 13
export const HIDDEN = '#'.repeat(HIDDEN_LENGTH)

interface KnownRule {
  readonly rule: ProcessingRule
  readonly drops?: (event: AccountEvent) => boolean
  readonly change?: (json: string) => string
}

const UUID = '{"uuid":"'
const UUID_AT = UUID.length

/** Some events have their uuid under another name, so that it is none. */
const hasUuid = ({ json }: Pick<AccountEvent, 'json'>): boolean => json.startsWith(UUID)

function hashTime(json: string): string {
  const name = '"timestamp":"'
  const at = json.indexOf(name)
  if (at < 0) return json
  const start = at + name.length
  const end = json.indexOf('"', start)
  return end === start
    ? json
    : `${json.slice(0, start)}${hash('sha256', json.slice(start, end))}${json.slice(end)}`
}

const KNOWN: readonly KnownRule[] = [
  {
    rule: { filterType: 'Mask', name: 'half a uuid', regexp: `"uuid":"(.{${HIDDEN_LENGTH}})`, mask: HIDDEN },
    change: json => (hasUuid({ json }) ? UUID + HIDDEN + json.slice(UUID_AT + HIDDEN_LENGTH) : json),
  },
  { rule: { filterType: 'Hash', name: 'times', regexp: '"timestamp":"([^"]*)"' }, change: hashTime },
  {
    rule: { filterType: 'Exclude', name: 'some', regexp: '\\{"uuid":"[A-H].*' },
    drops: event => hasUuid(event) && event.uuid < 'I' && event.uuid >= 'A',
  },
  {
    rule: { filterType: 'Include', name: 'most', regexp: '\\{"uuid":"..?[^B-D].*' },
    drops: event => !hasUuid(event) || [1, 2].every(at => 'BCD'.includes(event.uuid[at] as string)),
  },
]

export type RuleSet = readonly ProcessingRule[]

/** Picks some rules, or none. */
export const pickRules = (random: Random): RuleSet =>
  KNOWN.filter(() => random.chance(0.4)).map(({ rule }) => rule)

const knownOf = (rules: RuleSet): readonly KnownRule[] =>
  KNOWN.filter(({ rule }) => rules.some(({ name }) => name === rule.name))

export const isDroppedBy = (event: AccountEvent, rules: RuleSet): boolean =>
  knownOf(rules).some(({ drops }) => drops?.(event))

/** The two escapes that events of the simulation have. A changed event has texts in their usual form. */
const withUsualEscapes = (json: string): string => json.replaceAll('\\u00e9', 'é').replaceAll('\\u0061', 'a')

/** Returns what is left of an event that is not dropped. */
export function toRuledText({ json }: AccountEvent, rules: RuleSet): string {
  if (rules.length === 0) return json
  const text = withUsualEscapes(json)
  const changed = knownOf(rules).reduce((before, { change }) => change?.(before) ?? before, text)
  return changed === text ? json : changed
}
