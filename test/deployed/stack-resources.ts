import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

type Json = Readonly<Record<string, unknown>>

interface Resource {
  readonly Type: string
  readonly Properties: Json
}

export interface DeployedFunction {
  /** The construct's name in lower case, e.g. `collect`. */
  readonly name: string
  readonly arn: string
  /** Folder of the bundle. */
  readonly folder: string
  /** e.g. `index.handler` */
  readonly handler: string
  readonly timeoutMs: number
  readonly memoryMb: number
  readonly environment: Readonly<Record<string, string>>
}

export interface StackResources {
  readonly functions: readonly DeployedFunction[]
  /** CreateTable's input. */
  readonly tables: readonly Json[]
  readonly buckets: readonly string[]
  readonly buses: readonly string[]
  readonly secrets: readonly { readonly arn: string; readonly generate: Json }[]
  /** Names of the functions that rules hand an event of the bus to. */
  listeners(event: { readonly source: string; readonly 'detail-type': string }): string[]
}

export interface Place {
  readonly region: string
  readonly account: string
}

/** Reads the stack of a cloud assembly as it would be in a region and account. References are resolved, and names are made up. */
export function stackResources(assembly: string, { region, account }: Place): StackResources {
  const file = readdirSync(assembly).find(name => name.endsWith('.template.json')) ?? ''
  const resources = JSON.parse(readFileSync(join(assembly, file), 'utf8')).Resources as Record<
    string,
    Resource
  >
  const uuid = '51af3dc0-1b2c-4d5e-8f90-a1b2c3d4e5f6'
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::Region': region,
    'AWS::AccountId': account,
    'AWS::Partition': 'aws',
    'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/Deployed/${uuid}`,
  }

  /** Returns the value of Ref, for the types that variables and properties name. */
  function ref(logicalId: string): string {
    const known = pseudo[logicalId]
    if (known !== undefined) return known
    const name = `deployed-${logicalId.toLowerCase()}-7h2k9x`
    if (resources[logicalId]?.Type !== 'AWS::SecretsManager::Secret') return name
    return `arn:aws:secretsmanager:${region}:${account}:secret:${name}-Ab12Cd`
  }

  /** GetAtt of an ARN: that of a function, and for others one that need only differ from all. */
  const arn = (logicalId: string): string => `arn:aws:lambda:${region}:${account}:function:${ref(logicalId)}`

  function resolved(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolved)
    if (typeof value !== 'object' || value === null) return value
    const node = value as Json
    const [name = '', ...others] = Object.keys(node)
    if (others.length > 0 || !(name === 'Ref' || name.startsWith('Fn::')))
      return Object.fromEntries(Object.entries(node).map(([member, inner]) => [member, resolved(inner)]))
    return intrinsic(name, node[name])
  }

  function intrinsic(name: string, argument: unknown): unknown {
    if (name === 'Ref') return ref(String(argument))
    if (name === 'Fn::GetAtt') return arn(String((argument as unknown[])[0]))
    const [first, second] = resolved(argument) as [unknown, unknown]
    if (name === 'Fn::Join') return (second as unknown[]).join(String(first))
    if (name === 'Fn::Split') return String(second).split(String(first))
    if (name === 'Fn::Select') return (second as unknown[])[Number(first)]
    throw new Error(`${name} is not resolved here`)
  }

  const ofType = (type: string) =>
    Object.entries(resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, { Properties }]) => ({ logicalId, properties: Properties }))

  const resolveProperties = (properties: Json, ...names: string[]): Json =>
    Object.fromEntries(names.map(name => [name, resolved(properties[name])]))

  const functions = ofType('AWS::Lambda::Function').map(({ logicalId, properties }) => ({
    name: (/^[A-Z][a-z]+/.exec(logicalId)?.[0] ?? logicalId).toLowerCase(),
    arn: arn(logicalId),
    folder: join(assembly, `asset.${(properties['Code'] as { S3Key: string }).S3Key.replace('.zip', '')}`),
    handler: String(properties['Handler']),
    timeoutMs: Number(properties['Timeout']) * 1000,
    memoryMb: Number(properties['MemorySize']),
    environment: (resolved(properties['Environment']) as { Variables: Record<string, string> }).Variables,
  }))

  return {
    functions,
    tables: ofType('AWS::DynamoDB::GlobalTable').map(({ logicalId, properties }) => ({
      TableName: ref(logicalId),
      ...resolveProperties(properties, 'KeySchema', 'AttributeDefinitions', 'BillingMode'),
    })),
    buckets: ofType('AWS::S3::Bucket').map(({ logicalId }) => ref(logicalId)),
    buses: ofType('AWS::Events::EventBus').map(({ logicalId }) => ref(logicalId)),
    secrets: ofType('AWS::SecretsManager::Secret').map(({ logicalId, properties }) => ({
      arn: ref(logicalId),
      generate: resolved(properties['GenerateSecretString']) as Json,
    })),
    listeners: event =>
      ofType('AWS::Events::Rule')
        .filter(({ properties }) => fits(properties['EventPattern'], event))
        .flatMap(({ properties }) => resolved(properties['Targets']) as { Arn: string }[])
        .flatMap(target => functions.filter(each => each.arn === target.Arn).map(({ name }) => name)),
  }
}

/** Matches by source and detail type. Rules with a function as target use nothing else. */
function fits(pattern: unknown, event: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries((pattern ?? {}) as Record<string, string[]>)
  return (
    wanted.length > 0 &&
    wanted.every(([name, values]) => Array.isArray(values) && values.includes(event[name] ?? ''))
  )
}
