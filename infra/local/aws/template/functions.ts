import type { Assembly } from './assembly.ts'
import type { AsynchronousInvocation, FunctionResource, InvokePermission, UrlResource } from './model.ts'
import { inside, type Problems } from './problems.ts'
import { at, defined, isObject, number, text } from './properties.ts'
import type { Resource } from './resolved-template.ts'
import { checkAssumedRole } from './roles.ts'
import { ofType, propertiesOf } from './storage.ts'

const RUNTIME = 'nodejs24.x'
const SERVICE = 'lambda.amazonaws.com'
const LATEST = '$LATEST'

export const readFunctions = (
  resources: readonly Resource[],
  assembly: Assembly,
  problems: Problems,
): FunctionResource[] =>
  ofType(resources, 'AWS::Lambda::Function').map(resource => {
    const { logicalId, name, arn, properties } = resource
    checkRuntime(resource, problems)
    const roleArn = text(properties['Role']) ?? ''
    checkAssumedRole({ roleArn, path: 'Role', by: resource, service: SERVICE }, resources, problems)
    return defined({
      logicalId,
      name,
      arn,
      roleArn,
      handler: text(properties['Handler']) ?? '',
      codeFolder: codeOf(resource, assembly, problems),
      environment: environmentOf(properties['Environment']),
      // Lambda's own defaults.
      timeoutMs: (number(properties['Timeout']) ?? 3) * 1000,
      memoryMb: number(properties['MemorySize']) ?? 128,
      reservedConcurrency: number(properties['ReservedConcurrentExecutions']),
      asynchronous: asynchronousOf(resource, resources, problems),
      permissions: permissionsOf(resource, resources),
    })
  })

export const readUrls = (resources: readonly Resource[]): UrlResource[] =>
  ofType(resources, 'AWS::Lambda::Url').map(({ logicalId, arn, properties }) => ({
    logicalId,
    functionArn: arn,
    authType: properties['AuthType'] === 'AWS_IAM' ? 'AWS_IAM' : 'NONE',
  }))

function checkRuntime(resource: Resource, problems: Problems): void {
  const runtime = text(resource.properties['Runtime'])
  if (runtime !== RUNTIME)
    problems.add(inside(propertiesOf(resource), 'Runtime'), `${runtime} is not ${RUNTIME}`)
}

function codeOf(resource: Resource, assembly: Assembly, problems: Problems): string {
  const key = text(at(resource.properties, 'Code.S3Key')) ?? ''
  const folder = assembly.assetFolder(key)
  if (folder === undefined) {
    problems.add(inside(propertiesOf(resource), 'Code.S3Key'), `${key} is not an asset of the cloud assembly`)
  }
  return folder ?? ''
}

function environmentOf(environment: unknown): Record<string, string> {
  const variables = at(environment, 'Variables')
  const entries = Object.entries(isObject(variables) ? variables : {})
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}

/** Names a function by name or ARN, as CloudFormation allows. */
const isAbout = (property: unknown, { name, arn }: Resource): boolean => property === name || property === arn

/** Lambda retries twice for six hours unless it is told otherwise. */
function asynchronousOf(
  resource: Resource,
  resources: readonly Resource[],
  problems: Problems,
): AsynchronousInvocation {
  const config = ofType(resources, 'AWS::Lambda::EventInvokeConfig').find(candidate =>
    isAbout(candidate.properties['FunctionName'], resource),
  )
  if (config && config.properties['Qualifier'] !== LATEST) {
    problems.add(inside(propertiesOf(config), 'Qualifier'), `is not ${LATEST}, the only version here`)
  }
  return defined({
    retryAttempts: number(config?.properties['MaximumRetryAttempts']) ?? 2,
    maxEventAgeMs: (number(config?.properties['MaximumEventAgeInSeconds']) ?? 21_600) * 1000,
    onFailureArn: text(at(config?.properties, 'DestinationConfig.OnFailure.Destination')),
  })
}

const permissionsOf = (resource: Resource, resources: readonly Resource[]): InvokePermission[] =>
  ofType(resources, 'AWS::Lambda::Permission')
    .filter(({ properties }) => isAbout(properties['FunctionName'], resource))
    .map(({ properties }) =>
      defined({
        principal: text(properties['Principal']) ?? '',
        action: text(properties['Action']) ?? '',
        sourceArn: text(properties['SourceArn']),
        functionUrlAuthType: text(properties['FunctionUrlAuthType']),
        invokedViaFunctionUrl:
          properties['InvokedViaFunctionUrl'] === undefined
            ? undefined
            : text(properties['InvokedViaFunctionUrl']) === 'true',
      }),
    )
