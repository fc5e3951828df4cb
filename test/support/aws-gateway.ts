import {
  type Deployment,
  type Gateway,
  type GatewayOptions,
  type PolicyStatement,
  startGateway,
} from 'aws-emulator'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from './folders.ts'

export const ROLE_ARN = 'arn:aws:iam::000000000000:role/Stack-CollectRole'
export const FUNCTION_NAME = 'Stack-Collect'
export const BUCKET = 'stack-lake'
export const BUCKET_ARN = `arn:aws:s3:::${BUCKET}`
export const SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Stack-AccessKey-abcdef'

export const allow = (actions: string, ...resources: string[]): PolicyStatement => ({
  effect: 'Allow',
  actions: actions.split(' ').map(action => action.toLowerCase()),
  resources,
})

const SOURCE_SECRETS = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Stack/source/*'

/** Creates a deployment of one bucket, the secret with the access key, and one role with these statements. */
export const bucketAndSecret = (
  statements: readonly PolicyStatement[] = [allow('secretsmanager:*', SOURCE_SECRETS, SECRET_ARN)],
): Deployment => ({
  ...{ stackName: 'Stack', account: '000000000000', region: 'us-east-1', outputs: {} },
  ...{ tables: [], queues: [], topics: [], logGroups: [], buses: [], rules: [] },
  ...{ functions: [], stateMachines: [], urls: [] },
  buckets: [{ logicalId: 'Lake', name: BUCKET, arn: BUCKET_ARN, folder: 'lake', policy: [] }],
  secrets: [
    {
      ...{ logicalId: 'AccessKey', name: 'Stack-AccessKey', arn: SECRET_ARN },
      generate: { template: '{"accessId":"op1"}', key: 'accessKey', length: 48, excludePunctuation: true },
    },
  ],
  roles: [{ logicalId: 'CollectRole', name: 'Stack-CollectRole', arn: ROLE_ARN, statements }],
})

/** Starts the emulator of AWS for the running test. Clients made with `new XClient({})` call it as the role. */
export async function openGateway(options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  const gateway = await startGateway({
    deployment: bucketAndSecret(),
    clock: { now: () => Date.now() },
    dataDir: temporaryFolder(),
    putEvents: () => {},
    log: () => {},
    ...options,
  })
  onTestFinished(() => gateway.close().catch(() => undefined))
  const { accessKeyId, secretAccessKey, sessionToken } = gateway.credentials(ROLE_ARN, FUNCTION_NAME)
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: gateway.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  })
  return gateway
}
