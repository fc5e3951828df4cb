import type { Deployment, PolicyStatement } from '../template/model.ts'
import { PARTITION } from '../template/pseudo-parameters.ts'
import { createAccessDenied, toAssumedRoleArn } from './access-denied.ts'
import type { CallContext } from './conditions.ts'
import { type Decision, evaluate } from './evaluation.ts'
import { findKeyCalls } from './key-calls.ts'

export interface RoleCall {
  readonly roleArn: string
  readonly functionName: string
  readonly action: string
  readonly resource: string
  /** The service that acts in the caller's name, e.g. `s3`. It is needed for the use of keys. */
  readonly via?: string
  /** The partition key of the item, as a text. Only an operation on one item of a table has one. */
  readonly leadingKey?: string
}

interface ServiceCall {
  /** e.g. `events.amazonaws.com` */
  readonly service: string
  /** The resource that it acts for, e.g. the rule's ARN. */
  readonly sourceArn: string
  readonly action: string
  readonly resource: string
}

export interface Authorizer {
  /**
   * Throws AccessDenied with the text of AWS unless the policies of the role and of the resource allow the call. They
   * must also allow the use of the resource's key, if it has one.
   */
  authorize(call: RoleCall): void
  /**
   * Does the same for a service. A service has no identity policy, so only the resource's policy can allow the call.
   */
  authorizeService(call: ServiceCall): void
}

/** The owner of the machine: an administrator of the account, whom no template describes. */
export const toOwnerArn = (account: string): string => `arn:${PARTITION}:iam::${account}:user/owner`

const OWNER_POLICY: readonly PolicyStatement[] = [{ effect: 'Allow', actions: ['*'], resources: ['*'] }]

export function createAuthorizer(deployment: Deployment): Authorizer {
  const identities = new Map<string, readonly PolicyStatement[]>([
    ...deployment.roles.map(role => [role.arn, role.statements] as const),
    [toOwnerArn(deployment.account), OWNER_POLICY],
  ])

  function authorizeOne(call: RoleCall): void {
    const { roleArn, functionName, action, resource } = call
    const decision = decideForRole(deployment, call, identities.get(roleArn) ?? [])
    if (decision.allowed) return
    const caller = toAssumedRoleArn(roleArn, functionName)
    throw createAccessDenied({ caller, action, resource, refusal: decision.refusal })
  }

  return {
    authorize(call) {
      authorizeOne(call)
      for (const keyCall of findKeyCalls(deployment, call)) authorizeOne({ ...call, ...keyCall })
    },
    authorizeService(call) {
      const decision = decideForService(deployment, call)
      if (decision.allowed) return
      const { service: caller, action, resource } = call
      const refusal = decision.refusal.replace('no identity-based policy', 'no resource-based policy')
      throw createAccessDenied({ caller, action, resource, refusal })
    },
  }
}

/**
 * The condition keys of every call. On AWS calls come over TLS. Here they come over plain HTTP from this machine, but
 * policies are evaluated as on AWS.
 */
const EVERY_CALL: CallContext = { 'aws:securetransport': 'true' }

function decideForRole(
  deployment: Deployment,
  { roleArn, action, resource, via, leadingKey }: RoleCall,
  identity: readonly PolicyStatement[],
): Decision {
  const context = {
    ...EVERY_CALL,
    ...(via && { 'kms:viaservice': `${via}.${deployment.region}.amazonaws.com` }),
    ...(leadingKey !== undefined && { 'dynamodb:leadingkeys': leadingKey }),
  }
  return evaluate(
    { principal: roleArn, action, resource, context },
    { identity, resource: findResourcePolicy(deployment, resource) },
  )
}

function decideForService(
  deployment: Deployment,
  { service, sourceArn, action, resource }: ServiceCall,
): Decision {
  const context = {
    ...EVERY_CALL,
    'aws:sourcearn': sourceArn,
    'aws:sourceaccount': deployment.account,
  }
  return evaluate(
    { principal: service, action, resource, context },
    { identity: [], resource: findResourcePolicy(deployment, resource) },
  )
}

function findResourcePolicy(deployment: Deployment, arn: string): readonly PolicyStatement[] {
  const bucket = deployment.buckets.find(({ arn: own }) => arn === own || arn.startsWith(`${own}/`))
  const queue = deployment.queues.find(({ arn: own }) => arn === own)
  const topicOrGroup = [...deployment.topics, ...deployment.logGroups].find(({ arn: own }) => arn === own)
  return bucket?.policy ?? queue?.policy ?? topicOrGroup?.policy ?? []
}
