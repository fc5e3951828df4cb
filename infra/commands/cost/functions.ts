import type { RawResource, Template } from 'aws-emulator'
import { VARIABLES } from '../../../shared/contract/variables.ts'
import { PLATFORM_LOG_BYTES } from './assumptions.ts'

/** What the template says of the functions that a bill depends on. */
export interface Functions {
  readonly pageSize: number
  readonly memoryMb: { readonly collect: number; readonly dispatch: number }
  /** Of Lambda's own log lines on an invocation that went well. */
  readonly platformLogBytes: number
}

interface FunctionProperties {
  readonly MemorySize: number
  readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> }
  readonly LoggingConfig: { readonly SystemLogLevel?: string }
}

function propertiesOf(
  resources: readonly (readonly [string, RawResource])[],
  id: string,
): FunctionProperties {
  const found = resources.find(
    ([logicalId, { Type }]) => Type === 'AWS::Lambda::Function' && logicalId.startsWith(`${id}Function`),
  )
  if (found) return found[1].Properties as unknown as FunctionProperties
  throw new Error(`The template has no function ${id}.`)
}

export function functionsOf({ Resources }: Template): Functions {
  const resources = Object.entries(Resources)
  const [collect, dispatch] = [propertiesOf(resources, 'Collect'), propertiesOf(resources, 'Dispatch')]
  const isQuiet = collect.LoggingConfig.SystemLogLevel === 'WARN'
  return {
    pageSize: Number(collect.Environment.Variables[VARIABLES.pageSize]),
    memoryMb: { collect: collect.MemorySize, dispatch: dispatch.MemorySize },
    platformLogBytes: isQuiet ? 0 : PLATFORM_LOG_BYTES,
  }
}
