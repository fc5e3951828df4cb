import { ACCESS_RULES } from './access-rules.ts'
import { ACCOUNT_RULES } from './account-rules.ts'
import type { Rule } from './rule.ts'
import { USE_RULES } from './use-rules.ts'

/** All detections. */
export const RULES: readonly Rule[] = [...ACCOUNT_RULES, ...ACCESS_RULES, ...USE_RULES]
