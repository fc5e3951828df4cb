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
}

export interface ServiceCall {
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

  const decide = (call: RoleCall): Decision => {
    const resource = findResourcePolicy(deployment, call.resource)
    const context = {
      ...EVERY_CALL,
      ...(call.via && { 'kms:viaservice': `${call.via}.${deployment.region}.amazonaws.com` }),
    }
    return evaluate(
      { principal: call.roleArn, action: call.action, resource: call.resource, context },
      { identity: identities.get(call.roleArn) ?? [], resource },
    )
  }

  function authorizeOne(call: RoleCall): void {
    const decision = decide(call)
    if (decision.allowed) return
    const caller = toAssumedRoleArn(call.roleArn, call.functionName)
    throw createAccessDenied({
      caller,
      action: call.action,
      resource: call.resource,
      refusal: decision.refusal,
    })
  }

  return {
    authorize(call) {
      authorizeOne(call)
      for (const keyCall of findKeyCalls(deployment, call)) authorizeOne({ ...call, ...keyCall })
    },
    authorizeService({ service, sourceArn, action, resource }) {
      const context = {
        ...EVERY_CALL,
        'aws:sourcearn': sourceArn,
        'aws:sourceaccount': deployment.account,
      }
      const policy = findResourcePolicy(deployment, resource)
      const decision = evaluate(
        { principal: service, action, resource, context },
        { identity: [], resource: policy },
      )
      if (decision.allowed) return
      const refusal = decision.refusal.replace('no identity-based policy', 'no resource-based policy')
      throw createAccessDenied({ caller: service, action, resource, refusal })
    },
  }
}

/**
 * The condition keys of every call. On AWS calls come over TLS. Here they come over plain HTTP from this machine, but
 * policies are evaluated as on AWS.
 */
const EVERY_CALL: CallContext = { 'aws:securetransport': 'true' }

function findResourcePolicy(deployment: Deployment, arn: string): readonly PolicyStatement[] {
  const bucket = deployment.buckets.find(({ arn: own }) => arn === own || arn.startsWith(`${own}/`))
  const queue = deployment.queues.find(({ arn: own }) => arn === own)
  const topicOrGroup = [...deployment.topics, ...deployment.logGroups].find(({ arn: own }) => arn === own)
  return bucket?.policy ?? queue?.policy ?? topicOrGroup?.policy ?? []
}
