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
   * Key of the function's log.
   * @default - a key that AWS owns
   */
  readonly key: IKey | undefined
  /** @default - an asynchronous invocation that fails is not reported */
  readonly onFailure?: IDestination
  /** Commands that add files to the bundle, given its folder. */
  readonly addFiles?: (folder: string) => string[]
  /** @default - unreserved */
  readonly reservedConcurrency?: number | undefined
}

const PROJECT = join(import.meta.dirname, '..')

const BUNDLING: BundlingOptions = {
  format: OutputFormat.ESM,
  target: 'node24',
  // `module` must come first. Otherwise esbuild takes the SDK's CommonJS, which fails in an ES module: "Dynamic require
  // … not supported".
  mainFields: ['module', 'main'],
  // The SDK is part of the bundle, so that the tested version runs, not the one of the runtime.
  externalModules: [],
  minify: true,
  sourceMap: true,
  sourcesContent: false,
  logLevel: LogLevel.WARNING,
  // A function has its credentials in its environment, so the SDK's search for them is left out.
  esbuildArgs: {
    '--alias:@aws-sdk/credential-provider-node': join(PROJECT, 'shared/runtime/environment-credentials.ts'),
  },
}

const createBundling = ({ addFiles }: NodeFunctionProps): BundlingOptions => ({
  ...BUNDLING,
  ...(addFiles && {
    commandHooks: {
      beforeBundling: () => [],
      beforeInstall: () => [],
      afterBundling: (_input, folder) => addFiles(folder),
    },
  }),
})

/**
 * Makes a function with a log group of its own, and with a role that may only write there. Lambda does not repeat failed
 * asynchronous invocations: the retry state machine and the ticks do, because they know the state of the task.
 */
export function createNodeFunction(scope: Construct, props: NodeFunctionProps): NodejsFunction {
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
    bundling: createBundling(props),
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
    // Lambda's own lines about a successful invocation have nearly as many bytes as ours, so they are left out. Its
    // lines about failed invocations stay.
    systemLogLevelV2: SystemLogLevel.WARN,
    retryAttempts: 0,
    maxEventAge: Duration.minutes(EVENT_AGE_MINUTES),
    ...(onFailure === undefined ? {} : { onFailure }),
    ...(reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: reservedConcurrency }),
  })
}
