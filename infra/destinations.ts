import { ArnFormat, type Stack, Validations } from 'aws-cdk-lib'
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'
import type { DestinationKind } from '../shared/contract/destinations.ts'
import { VARIABLES } from '../shared/contract/variables.ts'

/** The destinations beside the lake that a deployment may have: rights and variables exist for these alone. */
export interface DestinationRights {
  /** Variables of the functions that deal with them. */
  readonly environment: Readonly<Record<string, string>>
  grant(grantee: IGrantable, ...actions: string[]): void
}

interface DestinationSettings {
  readonly destinations: readonly DestinationKind[]
  readonly destinationHosts: readonly string[]
}

/** Kinds whose URL or token lies in a secret. */
const WITH_SECRET: readonly DestinationKind[] = ['sumologic']

function describeSecrets(stack: Stack, prefix: string): string {
  Validations.of(stack).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${prefix}*]`,
    reason:
      'A destination gets its secret when a user sets it, and Secrets Manager adds random characters to its ARN; ' +
      'the prefix belongs to this stack alone.',
  })
  return stack.formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${prefix}*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
}

/** Returns undefined if no setting asks for a destination beside the lake. */
export function createDestinationRights(
  stack: Stack,
  { destinations, destinationHosts }: DestinationSettings,
): DestinationRights | undefined {
  if (destinations.length === 0) return undefined
  const prefix = `${stack.stackName}/destination/`
  const hasSecrets = destinations.some(kind => WITH_SECRET.includes(kind))
  const resourceArns = hasSecrets ? [describeSecrets(stack, prefix)] : []
  return {
    environment: {
      [VARIABLES.destinations]: JSON.stringify(destinations),
      [VARIABLES.destinationHosts]: JSON.stringify(destinationHosts),
      [VARIABLES.destinationSecretPrefix]: prefix,
    },
    grant(grantee, ...actions) {
      if (hasSecrets) Grant.addToPrincipal({ grantee, actions, resourceArns })
    },
  }
}
