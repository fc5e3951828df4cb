import { re2Expressions } from '../../shared/adapters/re2-expressions.ts'
import type { ProcessingRule, RuleType } from '../../shared/domain/source/source.ts'

/** The engine that is deployed. */
export const compile = await re2Expressions().load()

/** A rule that is named after what it does. */
export const rule = (
  filterType: RuleType,
  regexp: string,
  more: Partial<ProcessingRule> = {},
): ProcessingRule => ({
  filterType,
  name: `${filterType} ${regexp}`.slice(0, 32),
  regexp,
  ...more,
})
