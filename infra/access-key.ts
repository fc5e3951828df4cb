import { Aws, Fn, type RemovalPolicy, Validations } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'

export interface AccessKeyProps {
  readonly removalPolicy: RemovalPolicy
  /** @default - the key that AWS manages for secrets */
  readonly key: IKey | undefined
}

/**
 * Creates the secret that holds the access id and key for HTTP Basic at the admin URL. Secrets Manager generates the
 * key, so no template contains it.
 */
export function createAccessKey(scope: Construct, { removalPolicy, key }: AccessKeyProps): Secret {
  const secret = new Secret(scope, 'AccessKey', {
    description: 'Access id and key for the admin URL',
    generateSecretString: {
      secretStringTemplate: Fn.join('', ['{"accessId":"op', stackDigits(), '"}']),
      generateStringKey: 'accessKey',
      // 48 of 62 characters: 285 bits.
      passwordLength: 48,
      excludePunctuation: true,
    },
    removalPolicy,
    ...(key && { encryptionKey: key }),
  })
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason:
      'Scripts and Terraform runs elsewhere hold the key: a rotation on a timer would lock them out. ' +
      'It is 285 random bits, read by one function alone, and `npm run access-key -- rotate` replaces it.',
  })
  return secret
}

/**
 * Returns the first eight characters of the UUID in the stack's id. They never change for a stack, and differ between
 * stacks.
 */
function stackDigits(): string {
  const uuid = Fn.select(2, Fn.split('/', Aws.STACK_ID))
  return Fn.select(0, Fn.split('-', uuid))
}
