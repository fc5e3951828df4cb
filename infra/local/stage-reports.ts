import type { VirtualClock } from './aws/clock/clock.ts'
import { createFunctionLogs, type FunctionLogs, type LogLine } from './aws/lambda/function-logs.ts'
import type { FunctionPool } from './aws/lambda/function-pool.ts'
import { friendlyName } from './aws/lambda/function-pools.ts'
import { errorText, type InvocationResult } from './aws/lambda/invocation.ts'
import type { Notice } from './aws/notice.ts'
import { createMetricFile } from './metrics/metric-file.ts'

interface ReportParts {
  readonly dataDir: string
  readonly clock: VirtualClock
  readonly onLog?: ((line: LogLine) => void) | undefined
  readonly onNotice?: ((notice: Notice) => void) | undefined
}

export interface StageReports {
  readonly logs: FunctionLogs
  readonly onNotice: (notice: Notice) => void
  readonly onFunctionError: (pool: FunctionPool, result: InvocationResult) => void
}

/** Function errors go to the function's log, as Lambda's runtime has it, and to the person watching. */
export function createStageReports({
  dataDir,
  clock,
  onLog,
  onNotice = () => {},
}: ReportParts): StageReports {
  const keepMetrics = createMetricFile({ dataDir, clock, onNotice })
  const logs = createFunctionLogs({
    dataDir,
    clock,
    onLog(line) {
      keepMetrics(line)
      onLog?.(line)
    },
  })
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
