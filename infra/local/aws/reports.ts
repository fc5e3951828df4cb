import type { VirtualClock } from './clock/clock.ts'
import { createFunctionLogs, type FunctionLogs, type LogLine } from './lambda/function-logs.ts'
import type { FunctionPool } from './lambda/function-pool.ts'
import { friendlyName } from './lambda/function-pools.ts'
import { errorText, type InvocationResult } from './lambda/invocation.ts'

/** Something that a person must know and that no function's log says. */
export type Notice =
  | {
      readonly kind: 'function error'
      readonly functionName: string
      readonly requestId: string
      readonly text: string
    }
  | { readonly kind: 'dead letter'; readonly queue: string; readonly reason: string }
  /** An event that neither its target nor a dead-letter queue took. */
  | { readonly kind: 'lost event'; readonly from: string; readonly reason: string }

export type OnNotice = (notice: Notice) => void

interface ReportParts {
  readonly dataDir: string
  readonly clock: VirtualClock
  readonly onLog?: ((line: LogLine) => void) | undefined
  readonly onNotice?: OnNotice | undefined
}

interface Reports {
  readonly logs: FunctionLogs
  readonly onNotice: OnNotice
  readonly onFunctionError: (pool: FunctionPool, result: InvocationResult) => void
}

/** Function errors go to the function's log, as Lambda's runtime writes them, and to `onNotice`. */
export function createReports({
  dataDir,
  clock,
  onLog = () => {},
  onNotice = () => {},
}: ReportParts): Reports {
  const logs = createFunctionLogs({ dataDir, clock, onLog })
  return {
    logs,
    onNotice,
    onFunctionError({ resource }, { requestId, payload, ...result }) {
      const functionName = friendlyName(resource)
      const timestamp = new Date(clock.now()).toISOString()
      const error = { timestamp, level: 'ERROR', requestId, ...JSON.parse(payload) }
      logs.write(functionName, `${JSON.stringify(error)}\n`, requestId)
      onNotice({
        kind: 'function error',
        functionName,
        requestId,
        text: errorText({ requestId, payload, ...result }),
      })
    },
  }
}
