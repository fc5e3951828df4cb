import { join } from 'node:path'
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { EventBus } from 'aws-cdk-lib/aws-events'
import { Grant } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda'
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import { ADMIN_TIMEOUT_SECONDS } from '../shared/contract/timing.ts'
import { type AdminAuth, VARIABLES } from '../shared/contract/variables.ts'
import type { DestinationRights } from './destinations.ts'
import { grantKeyUse } from './encryption.ts'
import { createNodeFunction } from './node-function.ts'
import type { TokenSecrets } from './token-secrets.ts'

/** Builds the page of the admin URL. */
const CONSOLE_BUNDLE = join(import.meta.dirname, 'console-bundle.ts')

export interface AdminProps {
  readonly tasks: TableV2
  readonly registry: TableV2
  readonly healthEvents: TableV2
  readonly bus: EventBus
  readonly tokenSecrets: TokenSecrets
  /** @default - collectors can have no destination beside the lake */
  readonly destinations: DestinationRights | undefined
  /** Only with `basic`. */
  readonly accessKey: Secret | undefined
  readonly auth: AdminAuth
  readonly hasUrl: boolean
  readonly allowedHosts: readonly string[]
  readonly logRetentionDays: RetentionDays
  /** @default - unreserved */
  readonly reservedConcurrency: number | undefined
  /** @default - keys that AWS owns */
  readonly key: IKey | undefined
}

/**
 * The management API. If it has a URL, that requires SigV4 with `iam`. With `basic` the URL is open, and the code checks
 * the access key.
 */
export class Admin extends Construct {
  readonly function: NodejsFunction
  /** Undefined if the function has no URL. */
  readonly url: string | undefined

  constructor(scope: Construct, id: string, props: AdminProps) {
    super(scope, id)
    this.function = createNodeFunction(this, {
      folder: 'admin',
      description: 'Collectors, sources and their health: the management API',
      timeoutSeconds: ADMIN_TIMEOUT_SECONDS,
      memoryMb: 512,
      addFiles: folder => [`"${process.execPath}" "${CONSOLE_BUNDLE}" "${folder}"`],
      environment: environment(props),
      logRetentionDays: props.logRetentionDays,
      key: props.key,
      reservedConcurrency: props.reservedConcurrency,
    })
    grantAdministration(this.function, props)
    grantKeyUse(this.function, props.key, 'tables', 'writeSecrets')
    const authType = props.auth === 'iam' ? FunctionUrlAuthType.AWS_IAM : FunctionUrlAuthType.NONE
    this.url = props.hasUrl ? this.function.addFunctionUrl({ authType }).url : undefined
  }
}

function environment({
  tasks,
  registry,
  healthEvents,
  bus,
  tokenSecrets,
  destinations,
  accessKey,
  auth,
  allowedHosts,
  key,
}: AdminProps) {
  return {
    [VARIABLES.tasksTable]: tasks.tableName,
    [VARIABLES.registryTable]: registry.tableName,
    [VARIABLES.healthEventsTable]: healthEvents.tableName,
    [VARIABLES.busName]: bus.eventBusName,
    [VARIABLES.tokenSecretPrefix]: tokenSecrets.prefix,
    ...(accessKey && { [VARIABLES.accessKeySecret]: accessKey.secretArn }),
    ...(key && { [VARIABLES.tokenKey]: key.keyArn }),
    [VARIABLES.adminAuth]: auth,
    [VARIABLES.allowedHosts]: JSON.stringify(allowedHosts),
    ...destinations?.environment,
  }
}

function grantAdministration(admin: NodejsFunction, props: AdminProps) {
  const { tasks, registry, healthEvents, bus, tokenSecrets, destinations, accessKey } = props
  registry.grants.actions(
    admin,
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
    'dynamodb:Query',
    'dynamodb:Scan',
    'dynamodb:BatchGetItem',
  )
  tasks.grants.actions(admin, 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query', 'dynamodb:Scan')
  healthEvents.grants.actions(admin, 'dynamodb:Query')
  bus.grantPutEventsTo(admin)
  // admin creates and replaces the secrets of tokens, and cannot read them.
  tokenSecrets.grant(
    admin,
    'secretsmanager:CreateSecret',
    'secretsmanager:PutSecretValue',
    'secretsmanager:ListSecretVersionIds',
    'secretsmanager:UpdateSecretVersionStage',
    'secretsmanager:RestoreSecret',
  )
  // Each value has a secret of its own. admin creates and deletes them, and cannot read them.
  destinations?.grant(admin, 'secretsmanager:CreateSecret', 'secretsmanager:DeleteSecret')
  if (!accessKey) return
  Grant.addToPrincipal({
    grantee: admin,
    actions: ['secretsmanager:GetSecretValue'],
    resourceArns: [accessKey.secretArn],
  })
}
