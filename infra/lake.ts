import { type CfnElement, Duration, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib'
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import {
  CURSORS_PREFIX,
  EVENTS_PREFIX,
  UNREADABLE_PREFIX,
  WALKS_PREFIX,
} from '../shared/contract/lake-layout.ts'
import { WALK_DAYS } from '../shared/contract/limits.ts'

export interface LakeProps {
  readonly removalPolicy: RemovalPolicy
  /** @default - events never expire */
  readonly retentionDays: number | undefined
  /** @default - keys that S3 manages */
  readonly key: IKey | undefined
}

/** Creates the bucket of delivered events. */
export function createLake(scope: Construct, { removalPolicy, retentionDays, key }: LakeProps): Bucket {
  const bucket = new Bucket(scope, 'Lake', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    // The bucket key saves one paid call of KMS for each object.
    ...(key
      ? { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }
      : { encryption: BucketEncryption.S3_MANAGED }),
    enforceSSL: true,
    removalPolicy,
    lifecycleRules: [
      {
        abortIncompleteMultipartUploadAfter: Duration.days(1),
        ...(retentionDays === undefined ? {} : { expiration: Duration.days(retentionDays) }),
      },
      { prefix: WALKS_PREFIX, expiration: Duration.days(WALK_DAYS) },
    ],
  })
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'An access log would cost one put for each put of the lake, and it would only name the one role that writes. ' +
      'CloudTrail data events for this bucket show who reads.',
  })
  return bucket
}

const READ_PREFIXES = [EVENTS_PREFIX, CURSORS_PREFIX, WALKS_PREFIX]
const WRITTEN_PREFIXES = [...READ_PREFIXES, UNREADABLE_PREFIX]

/** Lets the grantee write objects and what could not be read, and read an object that an earlier run wrote. */
export function grantDelivery(grantee: IGrantable, lake: Bucket): void {
  const toArns = (prefixes: readonly string[]) => prefixes.map(prefix => lake.arnForObjects(`${prefix}*`))
  Grant.addToPrincipal({ grantee, actions: ['s3:PutObject'], resourceArns: toArns(WRITTEN_PREFIXES) })
  Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns: toArns(READ_PREFIXES) })
  // Without this right, S3 returns 403 for a missing object, as if reading it were forbidden.
  Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [lake.bucketArn] })
  const stack = Stack.of(lake)
  const logicalId = stack.getLogicalId(lake.node.defaultChild as CfnElement)
  for (const prefix of WRITTEN_PREFIXES) {
    Validations.of(stack).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${prefix}*]`,
      reason:
        'The key of an object depends on task and cursor, which are known only at run time. The folder is the narrowest possible resource.',
    })
  }
}
