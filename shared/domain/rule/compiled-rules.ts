import { createHash } from 'node:crypto'
import { createFailure } from '../failure/failure.ts'
import type { ProcessingRule } from '../source/source.ts'
import type { Compile, Expression } from './expression.ts'
import { toRuleId } from './rule-counts.ts'

/** A rule that is ready to use. */
export interface CompiledRule {
  readonly name: string
  /** Under which it is counted. */
  readonly id: string
  readonly expression: Expression
}

/** A Mask or Hash rule. */
export interface ChangingRule extends CompiledRule {
  /** Returns what stands in the place of a text. */
  readonly replace: (text: string) => string
}

/** The rules of a source, in the order in which they count (docs/use.md, "Processing rules"). */
export interface CompiledRules {
  readonly includes: readonly CompiledRule[]
  readonly excludes: readonly CompiledRule[]
  /** Where several replace the same text, the first one does it. */
  readonly changes: readonly ChangingRule[]
}

/** What Sumo Logic puts in the place of a masked text. */
export const DEFAULT_MASK = '#'

const toMask = ({ mask }: ProcessingRule): string => mask || DEFAULT_MASK

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The rules were checked when they were configured. An engine that has changed since may refuse one all the same. */
function compileRule(compile: Compile, rule: ProcessingRule): CompiledRule {
  const expression = compile(rule.regexp)
  if ('fault' in expression)
    throw createFailure({ kind: 'rule-unusable', rule: rule.name, why: expression.fault })
  return { name: rule.name, id: toRuleId(rule), expression }
}

/** Compiles the rules of a source. Throws RunFailure (ThirdPartyConfig) that names the rule that cannot be compiled. */
export function compileRules(compile: Compile, rules: readonly ProcessingRule[]): CompiledRules {
  const all = rules.map(rule => ({ rule, compiled: compileRule(compile, rule) }))
  const ofType = (type: ProcessingRule['filterType']) => all.filter(({ rule }) => rule.filterType === type)
  const masks = ofType('Mask').map(({ rule, compiled }) => ({ ...compiled, replace: () => toMask(rule) }))
  const hashes = ofType('Hash').map(({ compiled }) => ({ ...compiled, replace: hash }))
  return {
    includes: ofType('Include').map(({ compiled }) => compiled),
    excludes: ofType('Exclude').map(({ compiled }) => compiled),
    changes: [...masks, ...hashes],
  }
}
