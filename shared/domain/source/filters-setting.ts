import {
  MAX_EXPRESSION,
  MAX_EXPRESSION_STEPS,
  MAX_MASK,
  MAX_RULE_NAME,
  MAX_RULES,
  MAX_RULES_STEPS,
} from '../../contract/limits.ts'
import type { Compile } from '../rule/expression.ts'
import { isJsonObject, type RequestSection, readMember, refuse, refuseUnknown } from './request-section.ts'
import type { Member, Schema } from './shape.ts'
import type { ProcessingRule, RuleType } from './source.ts'
import { countCharacters, findLabelFault } from './text-setting.ts'

export const RULE_TYPES = ['Exclude', 'Include', 'Mask', 'Hash'] as const satisfies readonly RuleType[]

/** The schemas of the texts of a rule. */
export const FILTER_TEXTS = {
  name: { minLength: 1, maxLength: MAX_RULE_NAME },
  regexp: {
    minLength: 1,
    maxLength: MAX_EXPRESSION,
    description:
      'In the syntax of RE2, for the JSON text of an event without white space. Exclude and Include must match all of it, ' +
      'Mask and Hash name what they replace by capture groups.',
  },
  mask: { maxLength: MAX_MASK, description: 'Only for Mask. Without it, it is #.' },
} as const satisfies Readonly<Record<string, Schema>>

const KNOWN = ['filterType', 'name', 'regexp', 'mask']

const SYNTAX = 'use the syntax of RE2, which has no back-references and no look-around'

/** What is known of the rules before one of them. */
interface Earlier {
  readonly names: ReadonlySet<string>
}

const isReplacing = (type: RuleType): boolean => type === 'Mask' || type === 'Hash'

function findTextFault(text: unknown, max: number): string | undefined {
  if (text === undefined || text === '') return 'is required'
  if (typeof text !== 'string') return 'must be a string'
  if (countCharacters(text) > max) return `must be at most ${max} characters long`
  return text.isWellFormed() ? undefined : 'must be well-formed Unicode (no lone surrogates)'
}

/** The first part of a fault: which rule it is about. A name that is no name may be anything, so it is not shown. */
const nameRule = (name: unknown): string =>
  typeof name === 'string' && findTextFault(name, MAX_RULE_NAME) === undefined && !findLabelFault(name)
    ? `of the rule "${name}" `
    : ''

function checkType(section: RequestSection): RuleType | undefined {
  const given = readMember(section, 'filterType')
  const type = RULE_TYPES.find(known => known === given)
  const about = nameRule(readMember(section, 'name'))
  if (type) return type
  if (given === 'Forward')
    return refuse(
      section,
      'filterType',
      `${about}cannot be Forward; all events go to the destination of the collector`,
    )
  return refuse(section, 'filterType', `${about}must be one of ${RULE_TYPES.join(', ')}`)
}

function checkName(section: RequestSection, { names }: Earlier): string | undefined {
  const name = readMember(section, 'name')
  const fault = findTextFault(name, MAX_RULE_NAME) ?? findLabelFault(String(name))
  if (fault) return refuse(section, 'name', fault)
  if (names.has(String(name)))
    return refuse(section, 'name', `"${name}" is the name of another rule; rename one of them`)
  return String(name)
}

function checkMask(section: RequestSection, type: RuleType | undefined): string | undefined {
  const mask = readMember(section, 'mask')
  if (mask === undefined || mask === '') return undefined
  const about = nameRule(readMember(section, 'name'))
  if (type && type !== 'Mask') return refuse(section, 'mask', `${about}is only for Mask; remove it`)
  const fault = findTextFault(mask, MAX_MASK)
  return fault ? refuse(section, 'mask', `${about}${fault}`) : String(mask)
}

interface CheckedExpression {
  readonly regexp: string
  readonly steps: number
}

function findExpressionFault(compile: Compile, regexp: string, type: RuleType | undefined): string | number {
  const compiled = compile(regexp)
  if ('fault' in compiled) return `${compiled.fault}; ${SYNTAX}`
  const { steps, groups } = compiled
  if (steps > MAX_EXPRESSION_STEPS)
    return `takes ${steps} steps for each character, and at most ${MAX_EXPRESSION_STEPS} are allowed; repeat less`
  if (type && isReplacing(type) && groups === 0)
    return `must have a capture group, ( ), around what ${type} replaces`
  return steps
}

function checkExpression(
  section: RequestSection,
  type: RuleType | undefined,
  compile: Compile,
): CheckedExpression | undefined {
  const regexp = readMember(section, 'regexp')
  const about = nameRule(readMember(section, 'name'))
  const fault = findTextFault(regexp, MAX_EXPRESSION)
  if (fault) return refuse(section, 'regexp', `${about}${fault}`)
  const found = findExpressionFault(compile, String(regexp), type)
  if (typeof found === 'string') return refuse(section, 'regexp', `${about}${found}`)
  return { regexp: String(regexp), steps: found }
}

interface CheckedRule {
  readonly rule: ProcessingRule
  readonly steps: number
}

/** The value counts only if there is no fault. */
function checkRule(section: RequestSection, compile: Compile, earlier: Earlier): CheckedRule {
  refuseUnknown(section, KNOWN)
  const filterType = checkType(section)
  const name = checkName(section, earlier)
  const expression = checkExpression(section, filterType, compile)
  const mask = checkMask(section, filterType)
  const rule = { filterType, name, regexp: expression?.regexp, ...(mask !== undefined && { mask }) }
  return { rule: rule as ProcessingRule, steps: expression?.steps ?? 0 }
}

function checkRules(
  section: RequestSection,
  listed: readonly unknown[],
  compile: Compile,
): readonly CheckedRule[] {
  const names = new Set<string>()
  return listed.flatMap((values, index) => {
    const place = `filters[${index}]`
    if (!isJsonObject(values)) {
      refuse(section, place, `must be a JSON object with ${KNOWN.join(', ')}`)
      return []
    }
    const inner = { path: `${section.path}.${place}`, values, faults: section.faults }
    const checked = checkRule(inner, compile, { names })
    names.add(checked.rule.name)
    return [checked]
  })
}

interface FiltersContext {
  readonly compile?: Compile | undefined
}

function checkFilters(
  section: RequestSection,
  name: string,
  { compile }: FiltersContext,
): readonly ProcessingRule[] | undefined {
  const listed = readMember(section, name)
  if (listed === undefined) return undefined
  if (!Array.isArray(listed)) return refuse(section, name, 'must be a list of processing rules')
  if (listed.length > MAX_RULES)
    return refuse(section, name, `must be at most ${MAX_RULES} rules; remove ${listed.length - MAX_RULES}`)
  if (listed.length === 0) return []
  if (!compile) throw new Error('the engine of expressions is not loaded')
  const checked = checkRules(section, listed, compile)
  const steps = checked.reduce((sum, rule) => sum + rule.steps, 0)
  if (steps > MAX_RULES_STEPS)
    return refuse(
      section,
      name,
      `take ${steps} steps for each character together, and at most ${MAX_RULES_STEPS} are allowed; use fewer or simpler rules`,
    )
  return checked.map(({ rule }) => rule)
}

const RULE_SCHEMA: Schema = {
  type: 'object',
  properties: {
    filterType: { enum: RULE_TYPES },
    name: { type: 'string', ...FILTER_TEXTS.name, description: 'Unique in the source.' },
    regexp: { type: 'string', ...FILTER_TEXTS.regexp },
    mask: { type: ['string', 'null'], ...FILTER_TEXTS.mask },
  },
  required: ['filterType', 'name', 'regexp'],
  additionalProperties: false,
}

/** The processing rules of a source (docs/use.md, "Processing rules"). */
export const FILTERS: Member<readonly ProcessingRule[], 'unset', FiltersContext> = {
  absence: 'unset',
  schema: {
    type: 'array',
    items: RULE_SCHEMA,
    maxItems: MAX_RULES,
    description:
      'Processing rules: which events are dropped, and what is masked in the others, before they are delivered.',
  },
  check: checkFilters,
}
