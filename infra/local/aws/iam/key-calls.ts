import type { Deployment } from '../template/model.ts'

/** The use of a key by a service in the name of who called it. */
export interface KeyCall {
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

/** What a call to a service makes it do with the key of what is called; of DynamoDB, the table's key is behind every call. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  's3:PutObject': [GENERATE],
  's3:GetObject': [DECRYPT],
  'sqs:SendMessage': [GENERATE, DECRYPT],
  'sns:Publish': [GENERATE, DECRYPT],
  'secretsmanager:GetSecretValue': [DECRYPT],
  'secretsmanager:CreateSecret': [GENERATE, DECRYPT],
  'secretsmanager:PutSecretValue': [GENERATE, DECRYPT],
}

const callsOf = (action: string): readonly string[] =>
  action.startsWith('dynamodb:') ? [DECRYPT] : (CALLS[action] ?? [])

/** What follows from a call of this action to something under this key. */
export const keyCallsOf = (action: string, keyArn: string | undefined): KeyCall[] =>
  keyArn === undefined
    ? []
    : callsOf(action).map(use => ({ action: use, resource: keyArn, via: action.split(':')[0] ?? '' }))

/** The same for the template's tables, buckets, queues and topics. Secrets know their keys themselves: functions make some. */
export function keyCalls(
  { tables, buckets, queues, topics }: Deployment,
  { action, resource }: Called,
): KeyCall[] {
  const called = [...tables, ...buckets, ...queues, ...topics].find(
    ({ arn }) => arn === resource || resource.startsWith(`${arn}/`),
  )
  return keyCallsOf(action, called?.keyArn)
}
