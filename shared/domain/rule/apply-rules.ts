import type { ChangingRule, CompiledRule, CompiledRules } from './compiled-rules.ts'
import { withUsualEscapes } from './json-tokens.ts'
import { joinParts, type Part, replaceParts } from './replacement.ts'

/** What the rules make of an event. */
export type Judged =
  | { readonly outcome: 'kept' }
  /** `by`: the Exclude rule that matches it, or the first Include rule, if none of these matches. */
  | { readonly outcome: 'dropped'; readonly by: CompiledRule }
  | { readonly outcome: 'changed'; readonly json: string; readonly by: readonly CompiledRule[] }

/** Is called before each rule and for each match. It may throw to end work that takes too long. */
export type OnStep = (rule: CompiledRule) => void

function isMatch({ expression }: CompiledRule, text: string): boolean {
  return expression.isMatch(text)
}

/** Include rules come first. An Exclude rule wins over them. */
function findDropping(
  { includes, excludes }: CompiledRules,
  text: string,
  onStep: OnStep,
): CompiledRule | undefined {
  const matches = (rule: CompiledRule): boolean => {
    onStep(rule)
    return isMatch(rule, text)
  }
  if (includes.length > 0 && !includes.some(matches)) return includes[0]
  return excludes.find(matches)
}

function findParts(rule: ChangingRule, text: string, onStep: OnStep): readonly Part[] {
  onStep(rule)
  const spans = rule.expression.findGroups(text, () => onStep(rule))
  return spans.map(span => ({ ...span, rules: [rule] }))
}

/**
 * Applies the rules of a source to the JSON text of one event, which must be without white space between its tokens. Each rule sees
 * the event as it was received, so no rule hides from another what that one looks for.
 */
export function applyRules(rules: CompiledRules, json: string, onStep: OnStep = () => {}): Judged {
  const text = withUsualEscapes(json)
  const dropping = findDropping(rules, text, onStep)
  if (dropping) return { outcome: 'dropped', by: dropping }
  const parts = rules.changes.flatMap(rule => findParts(rule, text, onStep))
  const replaced = replaceParts(text, joinParts(parts, rules.changes))
  if (replaced.rules.size === 0) return { outcome: 'kept' }
  const by = rules.changes.filter(rule => replaced.rules.has(rule))
  return { outcome: 'changed', json: replaced.json, by }
}
