import { CfnOutput, DefaultStackSynthesizer, type IStackSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { EventBus } from 'aws-cdk-lib/aws-events'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { createAccessKey } from './access-key.ts'
import { Admin } from './admin.ts'
import { Alarms } from './alarms.ts'
import { Collect } from './collect.ts'
import { type DashboardProps, OperationsDashboard } from './dashboard.ts'
import { createDeadLetterQueue } from './dead-letters.ts'
import { createDestinationRights } from './destinations.ts'
import { Dispatch } from './dispatch.ts'
import { findUserKey } from './encryption.ts'
import { Health, type HealthProps } from './health.ts'
import { createLake } from './lake.ts'
import { LakeCatalog } from './lake-catalog.ts'
import { Retry } from './retry.ts'
import type { Settings } from './settings.ts'
import { createHealthEventsTable, createRegistryTable, createTasksTable } from './tables.ts'
import { createTokenSecrets } from './token-secrets.ts'

export interface CollectionStackProps {
  readonly settings: Settings
}

/** The whole system, for AWS and for the local stage alike. */
export class CollectionStack extends Stack {
  constructor(scope: Construct, id: string, { settings }: CollectionStackProps) {
    super(scope, id, {
      description: 'Collects sign-in attempts, item usages and audit events of 1Password accounts',
      synthesizer: createSynthesizer(),
    })
    const { logRetentionDays, allowedHosts } = settings
    const key = findUserKey(this, settings.kmsKeyArn)
    const stores = createStores(this, settings, key)
    const parts = {
      ...stores,
      bus: new EventBus(this, 'Bus', { description: 'Tasks to collect and changes of health' }),
      deadLetters: createDeadLetterQueue(this, key),
      tokenSecrets: createTokenSecrets(this),
      destinations: createDestinationRights(this, settings),
      allowedHosts,
      logRetentionDays,
      key,
    }
    const dispatch = new Dispatch(this, 'Dispatch', {
      ...parts,
      quietLookMinutes: settings.quietLookMinutes,
    })
    const collect = new Collect(this, 'Collect', {
      ...parts,
      pageSize: settings.pageSize,
      reservedConcurrency: settings.reservedConcurrency,
    })
    const retry = new Retry(this, 'Retry', { ...parts, collect: collect.function })
    const hasUrl = settings.adminUrl === 'on'
    const admin = new Admin(this, 'Admin', {
      ...parts,
      auth: settings.adminAuth,
      hasUrl,
      reservedConcurrency: settings.adminConcurrency,
    })
    createOperations(this, settings, {
      ...parts,
      collect: collect.function,
      dispatch: dispatch.function,
      admin: admin.function,
      machine: retry.machine,
    })
    const catalog = new LakeCatalog(this, 'Catalog', {
      lake: stores.lake,
      databaseName: settings.stackName.toLowerCase().replaceAll('-', '_'),
      retentionDays: settings.lakeRetentionDays,
    })
    createOutputs(this, {
      ...(admin.url === undefined
        ? { AdminFunctionName: admin.function.functionName }
        : { AdminUrl: admin.url }),
      ...(stores.accessKey && { AccessKeySecretArn: stores.accessKey.secretArn }),
      LakeBucketName: stores.lake.bucketName,
      GlueDatabaseName: catalog.databaseName,
      GlueTableName: catalog.tableName,
      BusName: parts.bus.eventBusName,
      RetryStateMachineArn: retry.machine.stateMachineArn,
    })
  }
}

/**
 * Creates the resources that hold data. They are direct children of the stack. Inside another construct they would
 * get other logical ids, and CloudFormation would replace them.
 */
function createStores(
  stack: Stack,
  { removalPolicy: setting, lakeRetentionDays, adminAuth }: Settings,
  key: IKey | undefined,
) {
  const isDestroyed = setting === 'destroy'
  // Tables are protected from deletion. If a first deployment fails, CloudFormation cannot delete them either.
  const removalPolicy = isDestroyed ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN
  // If a first deployment fails, the lake and the access key are still empty and unused, so they are deleted with it.
  const removalUnlessNew = isDestroyed ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
  return {
    tasks: createTasksTable(stack, { removalPolicy, key }),
    registry: createRegistryTable(stack, { removalPolicy, key }),
    healthEvents: createHealthEventsTable(stack, { removalPolicy, key }),
    lake: createLake(stack, { removalPolicy: removalUnlessNew, retentionDays: lakeRetentionDays, key }),
    // A secret costs 0.40 USD a month. With iam nobody needs a key.
    accessKey:
      adminAuth === 'basic' ? createAccessKey(stack, { removalPolicy: removalUnlessNew, key }) : undefined,
  }
}

type OperatedResources = Omit<HealthProps, 'topic'> &
  Omit<DashboardProps, 'healthLogs' | 'alarms' | 'lagAlarmMinutes' | 'runbook' | 'hasUrl' | 'hasDestinations'>

/** Creates the alarms, the mails and the dashboard. */
function createOperations(stack: Stack, settings: Settings, operated: OperatedResources) {
  const { adminAuth, adminUrl, lagAlarmMinutes, alarmAddress: address, runbookUrl: runbook } = settings
  const hasUrl = adminUrl === 'on'
  const hasDestinations = settings.destinations.length > 0
  const alarms = new Alarms(stack, 'Alarms', {
    ...operated,
    adminAuth,
    hasUrl,
    lagAlarmMinutes,
    hasDestinations,
    address,
    runbook,
  })
  const { logs } = new Health(stack, 'Health', { ...operated, topic: alarms.topic })
  if (settings.dashboard === 'off') return
  new OperationsDashboard(stack, 'Operations', {
    ...operated,
    healthLogs: logs,
    alarms: alarms.alarms,
    hasUrl,
    hasDestinations,
    lagAlarmMinutes,
    runbook,
  })
}

function createOutputs(stack: Stack, values: Readonly<Record<string, string>>) {
  for (const [id, value] of Object.entries(values)) new CfnOutput(stack, id, { value })
}

/** Leaves out the template's rule and parameter for the bootstrap version: the CLI checks that before it deploys. */
function createSynthesizer(): IStackSynthesizer {
  // The library's types are not written for exactOptionalPropertyTypes.
  return new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer
}
