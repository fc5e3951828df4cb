import type { RawResource, Template } from 'aws-emulator'
import { VARIABLES } from '../../../shared/contract/variables.ts'
import { PLATFORM_LOG_BYTES } from './assumptions.ts'

/** The facts of the template that its costs depend on. */
export interface TemplateFacts {
  readonly pageSize: number
  readonly memoryMb: { readonly collect: number; readonly dispatch: number }
  /** Bytes of Lambda's own log lines on an invocation that went well. */
  readonly platformLogBytes: number
  /** Metrics that alarms watch. An alarm on an expression is billed for each metric in it. */
  readonly alarmMetrics: number
  readonly dashboards: number
  readonly secrets: number
  readonly keys: number
}

interface AlarmProperties {
  readonly Metrics?: readonly { readonly MetricStat?: unknown }[]
}

interface FunctionProperties {
  readonly MemorySize: number
  readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> }
  readonly LoggingConfig: { readonly SystemLogLevel?: string }
}

function countAlarmMetrics({ Properties }: RawResource): number {
  const { Metrics = [] } = (Properties ?? {}) as AlarmProperties
  return Math.max(1, Metrics.filter(({ MetricStat }) => MetricStat).length)
}

function findFunction({ Resources }: Template, id: string): FunctionProperties {
  const found = Object.entries(Resources).find(
    ([logicalId, { Type }]) => Type === 'AWS::Lambda::Function' && logicalId.startsWith(`${id}Function`),
  )
  if (found) return found[1].Properties as unknown as FunctionProperties
  throw new Error(`The template has no function ${id}.`)
}

/** Counts what costs something whether or not there is a source. */
export function readResourceCounts({ Resources }: Template) {
  const findAll = (type: string): RawResource[] =>
    Object.values(Resources).filter(({ Type }) => Type === type)
  return {
    alarmMetrics: findAll('AWS::CloudWatch::Alarm').reduce((sum, alarm) => sum + countAlarmMetrics(alarm), 0),
    dashboards: findAll('AWS::CloudWatch::Dashboard').length,
    secrets: findAll('AWS::SecretsManager::Secret').length,
    keys: findAll('AWS::KMS::Key').length,
  }
}

export function readTemplateFacts(template: Template): TemplateFacts {
  const [collect, dispatch] = [findFunction(template, 'Collect'), findFunction(template, 'Dispatch')]
  const hasPlatformLines = collect.LoggingConfig.SystemLogLevel !== 'WARN'
  return {
    pageSize: Number(collect.Environment.Variables[VARIABLES.pageSize]),
    memoryMb: { collect: collect.MemorySize, dispatch: dispatch.MemorySize },
    platformLogBytes: hasPlatformLines ? PLATFORM_LOG_BYTES : 0,
    ...readResourceCounts(template),
  }
}
