import type { PolicyStatement } from '../template/model.ts'
import { type CallContext, conditionsHold } from './conditions.ts'
import { matchesPattern } from './wildcard.ts'

interface Request {
  /** ARN of the role, or a service such as events.amazonaws.com. */
  readonly principal: string
  /** e.g. `dynamodb:UpdateItem` */
  readonly action: string
  readonly resource: string
  readonly context: CallContext
}

interface Policies {
  readonly identity: readonly PolicyStatement[]
  readonly resource?: readonly PolicyStatement[]
}

/** `refusal` completes AWS's sentence "… is not authorized to perform … ". */
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly refusal: string }

/**
 * Decides as IAM does within one account. A deny in any policy refuses the call. Otherwise an allow in either policy
 * admits it. Otherwise it is refused.
 */
export function evaluate(request: Request, policies: Policies): Decision {
  const identity = policies.identity.filter(statement => applies(statement, request))
  const resource = (policies.resource ?? []).filter(
    statement => namesPrincipal(statement, request.principal) && applies(statement, request),
  )
  if (identity.some(isDeny)) return refused('with an explicit deny in an identity-based policy')
  if (resource.some(isDeny)) return refused('with an explicit deny in a resource-based policy')
  if (identity.length + resource.length > 0) return { allowed: true }
  return refused(`because no identity-based policy allows the ${request.action} action`)
}

const refused = (refusal: string): Decision => ({ allowed: false, refusal })

const isDeny = (statement: PolicyStatement): boolean => statement.effect === 'Deny'

function applies(statement: PolicyStatement, { action, resource, context }: Request): boolean {
  return (
    statement.actions.some(pattern => matchesPattern(pattern.toLowerCase(), action.toLowerCase())) &&
    statement.resources.some(pattern => matchesPattern(pattern, resource)) &&
    conditionsHold(statement.conditions, context)
  )
}

/**
 * A deny for the account's root is for everybody in the account. An allow for it leaves the decision to the identity
 * policies.
 */
const namesPrincipal = (statement: PolicyStatement, principal: string): boolean =>
  (statement.principals ?? []).some(
    named => named === '*' || named === principal || (isDeny(statement) && named.endsWith(':root')),
  )
