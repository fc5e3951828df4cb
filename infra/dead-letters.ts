import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IDestination, Function as Lambda } from 'aws-cdk-lib/aws-lambda'
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { EVENT_AGE_MINUTES } from '../shared/contract/timing.ts'

/** Creates the queue for events that could not be delivered and for invocations that failed. Only people read it. */
export function createDeadLetterQueue(scope: Construct, key: IKey | undefined): Queue {
  const queue = new Queue(scope, 'DeadLetters', {
    retentionPeriod: Duration.days(14),
    ...(key
      ? { encryption: QueueEncryption.KMS, encryptionMasterKey: key }
      : { encryption: QueueEncryption.SQS_MANAGED }),
    enforceSSL: true,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'This is the dead-letter queue itself: nothing reads it that could fail and pass a message on.',
  })
  return queue
}

/** How often and how long a rule tries to deliver an event before the event becomes a dead letter. */
export const DELIVERY_LIMITS = {
  retryAttempts: 10,
  maxEventAge: Duration.minutes(EVENT_AGE_MINUTES),
} as const

/** Returns the same limits, for targets that the CDK library does not create. */
export const toRetryPolicy = () => ({
  maximumRetryAttempts: DELIVERY_LIMITS.retryAttempts,
  maximumEventAgeInSeconds: DELIVERY_LIMITS.maxEventAge.toSeconds(),
})

/** Makes a function the target of a rule. While Lambda does not accept an event, the rule tries again. */
export function createFunctionTarget(target: Lambda, deadLetters: IQueue): LambdaFunction {
  return new LambdaFunction(target, { ...DELIVERY_LIMITS, deadLetterQueue: deadLetters })
}

/**
 * Creates the destination for failed invocations. It grants the one right that Lambda needs. The library's own
 * destination would grant three.
 */
export function createDeadLetterDestination(deadLetters: IQueue): IDestination {
  return {
    bind(_scope, source) {
      deadLetters.grant(source, 'sqs:SendMessage')
      return { destination: deadLetters.queueArn }
    },
  }
}
