import { Stack } from 'aws-cdk-lib'
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'
import { type IKey, Key } from 'aws-cdk-lib/aws-kms'

/** The user's own key; without one, everything is under keys that AWS owns. It is never made here: it outlives any stack. */
export const ownKey = (stack: Stack, arn: string | undefined): IKey | undefined =>
  arn === undefined ? undefined : Key.fromKeyArn(stack, 'Key', arn)

const READING = ['kms:Decrypt']
const WRITING = [...READING, 'kms:GenerateDataKey']

/** What a service does with the key in its caller's name. */
const KEY_USES = {
  // What DynamoDB's documentation asks for as the least, but for kms:CreateGrant, which only who makes the table needs.
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

export type KeyUse = keyof typeof KEY_USES

/** Lets the grantee use the key, through these services only: the key alone opens nothing. */
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
