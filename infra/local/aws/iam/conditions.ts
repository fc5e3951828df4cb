import type { PolicyStatement } from '../template/model.ts'
import { matchesArn, matchesPattern } from './wildcard.ts'

/** What conditions can ask about a call, by condition key in lower case. */
export type CallContext = Readonly<Record<string, string>>

/** Condition keys that are known of a call. The emulator does not start with a policy that uses any other. */
const CONDITION_KEYS: ReadonlySet<string> = new Set([
  'aws:securetransport',
  'aws:sourcearn',
  'aws:sourceaccount',
  'kms:viaservice',
  'dynamodb:leadingkeys',
])

type Comparison = (wanted: string, given: string) => boolean

const same: Comparison = (wanted, given) => wanted === given
const sameAnyCase: Comparison = (wanted, given) => wanted.toLowerCase() === given.toLowerCase()

const OPERATORS: Readonly<Record<string, { readonly compare: Comparison; readonly negated: boolean }>> = {
  Bool: { compare: sameAnyCase, negated: false },
  StringEquals: { compare: same, negated: false },
  /** For calls with one value. Without one the condition fails here, which is stricter than AWS. */
  'ForAllValues:StringEquals': { compare: same, negated: false },
  StringNotEquals: { compare: same, negated: true },
  StringLike: { compare: matchesPattern, negated: false },
  ArnEquals: { compare: matchesArn, negated: false },
  ArnLike: { compare: matchesArn, negated: false },
}

const IF_EXISTS = 'IfExists'

const withoutIfExists = (operator: string): string =>
  operator.endsWith(IF_EXISTS) ? operator.slice(0, -IF_EXISTS.length) : operator

export const isKnownOperator = (operator: string): boolean =>
  Object.hasOwn(OPERATORS, withoutIfExists(operator))

export const isKnownConditionKey = (key: string): boolean => CONDITION_KEYS.has(key.toLowerCase())

/** Returns whether every condition of the statement holds. Throws for an unknown operator. */
export function conditionsHold(conditions: PolicyStatement['conditions'], context: CallContext): boolean {
  return Object.entries(conditions ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      conditionHolds(operator, [wanted].flat(), context[key.toLowerCase()]),
    ),
  )
}

function conditionHolds(operator: string, wanted: readonly string[], given: string | undefined): boolean {
  const known = OPERATORS[withoutIfExists(operator)]
  if (!known) throw new Error(`The condition operator ${operator} is not known to the local stage`)
  // As in IAM, an absent key fails a positive comparison and passes a negated one.
  if (given === undefined) return known.negated || operator.endsWith(IF_EXISTS)
  const matches = wanted.some(value => known.compare(value, given))
  return known.negated ? !matches : matches
}
