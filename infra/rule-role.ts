import { Stack } from 'aws-cdk-lib'
import type { EventBus } from 'aws-cdk-lib/aws-events'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'

/**
 * Creates a role for rules of a bus. EventBridge serves every account, so the role's trust policy admits the rules of
 * this bus only.
 */
export function createRuleRole(scope: Construct, id: string, bus: EventBus): Role {
  const stack = Stack.of(scope)
  const rules = stack.formatArn({
    service: 'events',
    resource: 'rule',
    resourceName: `${bus.eventBusName}/*`,
  })
  const conditions = {
    StringEquals: { 'aws:SourceAccount': stack.account },
    ArnLike: { 'aws:SourceArn': rules },
  }
  return new Role(scope, id, { assumedBy: new ServicePrincipal('events.amazonaws.com', { conditions }) })
}
