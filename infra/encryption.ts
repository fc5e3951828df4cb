import { Stack } from 'aws-cdk-lib'
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'
import { type IKey, Key } from 'aws-cdk-lib/aws-kms'

/**
 * Returns the user's KMS key. Without one, AWS's own keys encrypt everything. The stack does not create the key,
 * because the key must outlive the stack.
 */
export const findUserKey = (stack: Stack, arn: string | undefined): IKey | undefined =>
  arn === undefined ? undefined : Key.fromKeyArn(stack, 'Key', arn)

const READING = ['kms:Decrypt']
const WRITING = [...READING, 'kms:GenerateDataKey']

/** The KMS actions that a service performs with the key in the name of its caller. */
const KEY_USES = {
  // DynamoDB's documentation names these as the minimum. It also names kms:CreateGrant, which only the maker of a table
  // needs.
  tables: {
    service: 'dynamodb',
    actions: [...WRITING, 'kms:DescribeKey', 'kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
  },
  objects: { service: 's3', actions: WRITING },
  readSecrets: { service: 'secretsmanager', actions: READING },
  writeSecrets: { service: 'secretsmanager', actions: WRITING },
  deadLetters: { service: 'sqs', actions: WRITING },
  topic: { service: 'sns', actions: WRITING },
} as const

type KeyUse = keyof typeof KEY_USES

/** Lets the grantee use the key, but only through these services. */
export function grantKeyUse(grantee: IGrantable, key: IKey | undefined, ...uses: KeyUse[]): void {
  if (!key) return
  const { region, urlSuffix } = Stack.of(key)
  for (const { service, actions } of uses.map(use => KEY_USES[use])) {
    Grant.addToPrincipal({
      grantee,
      actions: [...actions],
      resourceArns: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${region}.${urlSuffix}` } },
    })
  }
}
