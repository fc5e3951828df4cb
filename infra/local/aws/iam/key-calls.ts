import type { Deployment } from '../template/model.ts'

/** The use of a KMS key by a service, in the name of its caller. */
interface KeyCall {
  readonly action: string
  /** The key's ARN. */
  readonly resource: string
  /** e.g. `dynamodb` */
  readonly via: string
}

interface Called {
  readonly action: string
  readonly resource: string
}

const DECRYPT = 'kms:Decrypt'
const GENERATE = 'kms:GenerateDataKey'

/** What a service does with the key of a resource, by the action that is called. DynamoDB decrypts for every action. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  's3:PutObject': [GENERATE],
  's3:GetObject': [DECRYPT],
  'sqs:SendMessage': [GENERATE, DECRYPT],
  'sns:Publish': [GENERATE, DECRYPT],
  'secretsmanager:GetSecretValue': [DECRYPT],
  'secretsmanager:CreateSecret': [GENERATE, DECRYPT],
  'secretsmanager:PutSecretValue': [GENERATE, DECRYPT],
}

const findKeyActions = (action: string): readonly string[] =>
  action.startsWith('dynamodb:') ? [DECRYPT] : (CALLS[action] ?? [])

/** Returns the uses of the key that follow from this action on a resource that is under the key. */
export const createKeyCalls = (action: string, keyArn: string | undefined): KeyCall[] =>
  keyArn === undefined
    ? []
    : findKeyActions(action).map(use => ({ action: use, resource: keyArn, via: action.split(':')[0] ?? '' }))

/**
 * The same for the template's tables, buckets, queues and topics. A secret keeps its key itself, because functions create
 * secrets.
 */
export function findKeyCalls(
  { tables, buckets, queues, topics }: Deployment,
  { action, resource }: Called,
): KeyCall[] {
  const called = [...tables, ...buckets, ...queues, ...topics].find(
    ({ arn }) => arn === resource || resource.startsWith(`${arn}/`),
  )
  return createKeyCalls(action, called?.keyArn)
}
