import type { Assembly } from './assembly.ts'
import type { AsynchronousInvocation, FunctionResource, InvokePermission, UrlResource } from './model.ts'
import { inside, type Problems } from './problems.ts'
import { isObject, toNumber, toText, valueAt, withoutUndefined } from './properties.ts'
import { findByType, propertiesPlace, type Resource } from './resolved-template.ts'
import { checkAssumedRole } from './roles.ts'

const RUNTIME = 'nodejs24.x'
const SERVICE = 'lambda.amazonaws.com'
const LATEST = '$LATEST'

export const readFunctions = (
  resources: readonly Resource[],
  assembly: Assembly,
  problems: Problems,
): FunctionResource[] =>
  findByType(resources, 'AWS::Lambda::Function').map(resource => {
    const { logicalId, name, arn, properties } = resource
    checkRuntime(resource, problems)
    const roleArn = toText(properties['Role']) ?? ''
    checkAssumedRole({ roleArn, path: 'Role', by: resource, service: SERVICE }, resources, problems)
    return withoutUndefined({
      logicalId,
      name,
      arn,
      roleArn,
      handler: toText(properties['Handler']) ?? '',
      codeFolder: findCodeFolder(resource, assembly, problems),
      environment: readEnvironment(properties['Environment']),
      // Lambda's own defaults.
      timeoutMs: (toNumber(properties['Timeout']) ?? 3) * 1000,
      memoryMb: toNumber(properties['MemorySize']) ?? 128,
      reservedConcurrency: toNumber(properties['ReservedConcurrentExecutions']),
      asynchronous: readAsynchronous(resource, resources, problems),
      permissions: readPermissions(resource, resources),
    })
  })

export const readUrls = (resources: readonly Resource[]): UrlResource[] =>
  findByType(resources, 'AWS::Lambda::Url').map(({ logicalId, arn, properties }) => ({
    logicalId,
    functionArn: arn,
    authType: properties['AuthType'] === 'AWS_IAM' ? 'AWS_IAM' : 'NONE',
  }))

function checkRuntime(resource: Resource, problems: Problems): void {
  const runtime = toText(resource.properties['Runtime'])
  if (runtime !== RUNTIME)
    problems.add(inside(propertiesPlace(resource), 'Runtime'), `${runtime} is not ${RUNTIME}`)
}

function findCodeFolder(resource: Resource, assembly: Assembly, problems: Problems): string {
  const key = toText(valueAt(resource.properties, 'Code.S3Key')) ?? ''
  const folder = assembly.assetFolder(key)
  if (folder === undefined) {
    problems.add(
      inside(propertiesPlace(resource), 'Code.S3Key'),
      `${key} is not an asset of the cloud assembly`,
    )
  }
  return folder ?? ''
}

function readEnvironment(environment: unknown): Record<string, string> {
  const variables = valueAt(environment, 'Variables')
  const entries = Object.entries(isObject(variables) ? variables : {})
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}

/** CloudFormation lets a property name a function by its name or by its ARN. */
const isAbout = (property: unknown, { name, arn }: Resource): boolean => property === name || property === arn

/** By default Lambda retries twice, for at most six hours. */
function readAsynchronous(
  resource: Resource,
  resources: readonly Resource[],
  problems: Problems,
): AsynchronousInvocation {
  const config = findByType(resources, 'AWS::Lambda::EventInvokeConfig').find(candidate =>
    isAbout(candidate.properties['FunctionName'], resource),
  )
  if (config && config.properties['Qualifier'] !== LATEST) {
    problems.add(inside(propertiesPlace(config), 'Qualifier'), `is not ${LATEST}, the only version here`)
  }
  return withoutUndefined({
    retryAttempts: toNumber(config?.properties['MaximumRetryAttempts']) ?? 2,
    maxEventAgeMs: (toNumber(config?.properties['MaximumEventAgeInSeconds']) ?? 21_600) * 1000,
    onFailureArn: toText(valueAt(config?.properties, 'DestinationConfig.OnFailure.Destination')),
  })
}

const readPermissions = (resource: Resource, resources: readonly Resource[]): InvokePermission[] =>
  findByType(resources, 'AWS::Lambda::Permission')
    .filter(({ properties }) => isAbout(properties['FunctionName'], resource))
    .map(({ properties }) =>
      withoutUndefined({
        principal: toText(properties['Principal']) ?? '',
        action: toText(properties['Action']) ?? '',
        sourceArn: toText(properties['SourceArn']),
        functionUrlAuthType: toText(properties['FunctionUrlAuthType']),
        invokedViaFunctionUrl:
          properties['InvokedViaFunctionUrl'] === undefined
            ? undefined
            : toText(properties['InvokedViaFunctionUrl']) === 'true',
      }),
    )
