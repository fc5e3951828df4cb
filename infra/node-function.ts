import { join } from 'node:path'
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import {
  Architecture,
  type IDestination,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda'
import { type BundlingOptions, LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { EVENT_AGE_MINUTES } from '../shared/contract/timing.ts'
import { VARIABLES } from '../shared/contract/variables.ts'
import { metricsNamespace } from './own-metrics.ts'

export interface NodeFunctionProps {
  /** Folder under functions/ whose handler.ts exports `handler`. */
  readonly folder: string
  readonly description: string
  readonly timeoutSeconds: number
  readonly memoryMb: number
  readonly environment: Readonly<Record<string, string>>
  readonly logRetentionDays: RetentionDays
  /**
   * Key of its log.
   * @default - a key that AWS owns
   */
  readonly key: IKey | undefined
  /** @default - an asynchronous invocation that fails is not reported */
  readonly onFailure?: IDestination
  /** @default - unreserved */
  readonly reservedConcurrency?: number | undefined
}

const PROJECT = join(import.meta.dirname, '..')

const BUNDLING: BundlingOptions = {
  format: OutputFormat.ESM,
  target: 'node24',
  // Without `module` first, the SDK's CommonJS is taken and dies in an ES module: "Dynamic require … not supported".
  mainFields: ['module', 'main'],
  // The SDK goes in: what was tested is what runs, whatever the runtime carries.
  externalModules: [],
  minify: true,
  sourceMap: true,
  sourcesContent: false,
  logLevel: LogLevel.WARNING,
}

/**
 * A function as all of ours are: its own log group, and a role that may write there and nothing else yet.
 * Failed asynchronous invocations are not repeated: collecting again is for those who know the task's state.
 */
export function nodeFunction(scope: Construct, props: NodeFunctionProps): NodejsFunction {
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: props.logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
    ...(props.key && { encryptionKey: props.key }),
  })
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
  logGroup.grantWrite(role)
  const { onFailure, reservedConcurrency } = props
  return new NodejsFunction(scope, 'Function', {
    description: props.description,
    entry: join(PROJECT, 'functions', props.folder, 'handler.ts'),
    projectRoot: PROJECT,
    depsLockFilePath: join(PROJECT, 'package-lock.json'),
    bundling: BUNDLING,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    timeout: Duration.seconds(props.timeoutSeconds),
    memorySize: props.memoryMb,
    environment: {
      ...props.environment,
      [VARIABLES.metricsNamespace]: metricsNamespace(scope),
      NODE_OPTIONS: '--enable-source-maps',
    },
    role,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    // Lambda's own lines on runs that went well are nearly as many bytes as ours; those on runs that failed stay.
    systemLogLevelV2: SystemLogLevel.WARN,
    retryAttempts: 0,
    maxEventAge: Duration.minutes(EVENT_AGE_MINUTES),
    ...(onFailure === undefined ? {} : { onFailure }),
    ...(reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: reservedConcurrency }),
  })
}
