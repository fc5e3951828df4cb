import { ArnFormat, type Stack, Validations } from 'aws-cdk-lib'
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'

/** The secrets of tokens. `admin` creates one for each source, so the stack knows only their prefix. */
export interface TokenSecrets {
  /** A secret is named `${prefix}${sourceId}`. */
  readonly prefix: string
  grant(grantee: IGrantable, ...actions: string[]): Grant
}

export function createTokenSecrets(stack: Stack): TokenSecrets {
  const prefix = `${stack.stackName}/source/`
  const arns = stack.formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${prefix}*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
  Validations.of(stack).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${prefix}*]`,
    reason:
      'A source gets its secret when a user creates it, and Secrets Manager adds random characters to its ARN; ' +
      'the prefix belongs to this stack alone.',
  })
  return {
    prefix,
    grant: (grantee, ...actions) => Grant.addToPrincipal({ grantee, actions, resourceArns: [arns] }),
  }
}
