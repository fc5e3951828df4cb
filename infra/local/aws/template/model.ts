/** What the emulator starts: the template with every reference resolved. */
export interface Deployment {
  readonly stackName: string
  readonly account: string
  readonly region: string
  readonly tables: readonly TableResource[]
  readonly buckets: readonly BucketResource[]
  readonly secrets: readonly SecretResource[]
  readonly queues: readonly QueueResource[]
  readonly topics: readonly TopicResource[]
  readonly logGroups: readonly LogGroupResource[]
  readonly buses: readonly BusResource[]
  readonly rules: readonly RuleResource[]
  readonly roles: readonly RoleResource[]
  readonly functions: readonly FunctionResource[]
  readonly stateMachines: readonly StateMachineResource[]
  readonly urls: readonly UrlResource[]
  readonly outputs: Readonly<Record<string, string>>
}

interface Named {
  readonly logicalId: string
  readonly name: string
  readonly arn: string
}

/** A resource that may be encrypted with a KMS key of the user. */
interface Keyed {
  readonly keyArn?: string
}

export interface TableResource extends Named, Keyed {
  readonly keySchema: readonly { readonly AttributeName: string; readonly KeyType: 'HASH' | 'RANGE' }[]
  readonly attributeDefinitions: readonly {
    readonly AttributeName: string
    readonly AttributeType: 'S' | 'N' | 'B'
  }[]
}

export interface BucketResource extends Named, Keyed {
  /** Folder in the data directory: the construct id in lower case, e.g. `lake`. */
  readonly folder: string
  readonly policy: readonly PolicyStatement[]
}

export interface SecretResource extends Named, Keyed {
  readonly generate?: {
    readonly template?: string
    readonly key?: string
    readonly length: number
    readonly excludePunctuation: boolean
  }
}

export interface QueueResource extends Named, Keyed {
  readonly policy: readonly PolicyStatement[]
}

export interface TopicResource extends Named, Keyed {
  readonly policy: readonly PolicyStatement[]
}

export interface LogGroupResource extends Named {
  /** File in `logs/`: the id of the construct that the group belongs to, in lower case, e.g. `health`. */
  readonly file: string
  readonly policy: readonly PolicyStatement[]
}

export type BusResource = Named

export interface RuleResource extends Named {
  readonly busName: string
  readonly enabled: boolean
  readonly everyMs?: number
  readonly pattern?: Readonly<Record<string, unknown>>
  readonly targets: readonly TargetResource[]
}

export interface TargetResource {
  readonly id: string
  readonly arn: string
  /** The role that the rule assumes. */
  readonly roleArn?: string
  readonly deadLetterArn?: string
  readonly retryAttempts: number
  readonly maxEventAgeMs: number
  readonly input?: string
  readonly inputPath?: string
  readonly transformer?: InputTransformer
}

/** Describes how to make a text of an event. */
export interface InputTransformer {
  /** JSON text. Each `<name>` in it is replaced by the value at the path of that name. */
  readonly template: string
  readonly paths: Readonly<Record<string, string>>
}

export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny'
  /** Patterns in lower case, with * and ?. */
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  /** Service or AWS principals of a resource policy; `*` for everybody. */
  readonly principals?: readonly string[]
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

export interface RoleResource extends Named {
  /** The statements of all policies that are attached to it. */
  readonly statements: readonly PolicyStatement[]
}

export interface FunctionResource extends Named {
  readonly roleArn: string
  /** `file.export` as in the template. */
  readonly handler: string
  /** Absolute folder of the bundle. */
  readonly codeFolder: string
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly memoryMb: number
  readonly reservedConcurrency?: number
  readonly asynchronous: AsynchronousInvocation
  readonly permissions: readonly InvokePermission[]
}

export interface AsynchronousInvocation {
  readonly retryAttempts: number
  readonly maxEventAgeMs: number
  /** ARN of a bus or a queue. */
  readonly onFailureArn?: string
}

export interface InvokePermission {
  readonly principal: string
  readonly action: string
  readonly sourceArn?: string
  readonly functionUrlAuthType?: string
  readonly invokedViaFunctionUrl?: boolean
}

export interface StateMachineResource extends Named {
  readonly roleArn: string
  /** File in `executions/`: the id of the construct that the machine belongs to, in lower case, e.g. `retry`. */
  readonly file: string
  readonly definition: StatesDefinition
}

/** A document of the Amazon States Language, in JSONPath. */
export interface StatesDefinition {
  readonly StartAt: string
  readonly TimeoutSeconds?: number
  readonly States: Readonly<Record<string, StateDefinition>>
}

export interface StateDefinition {
  readonly Type: string
  readonly Resource?: string
  readonly TimeoutSeconds?: number
  readonly TimeoutSecondsPath?: string
  readonly Parameters?: unknown
  readonly Next?: string
  readonly Default?: string
  readonly Choices?: readonly unknown[]
  readonly Catch?: readonly unknown[]
}

export interface UrlResource {
  readonly logicalId: string
  readonly functionArn: string
  readonly authType: 'NONE' | 'AWS_IAM'
}
