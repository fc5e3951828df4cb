import type { Invocation } from '../../functions/collect/begin.ts'
import { collect } from '../../functions/collect/collect.ts'
import type { CollectSettings } from '../../functions/collect/collect-ports.ts'
import { look } from '../../functions/collect/look.ts'
import { type RetryPorts, retry } from '../../functions/collect/retry.ts'
import { openForDeadRun } from '../../functions/dispatch/dead-run.ts'
import { finishDeletion } from '../../functions/dispatch/deletion.ts'
import { dispatch } from '../../functions/dispatch/dispatch.ts'
import { dispatchSegments } from '../../functions/dispatch/segments.ts'
import type { DispatchPorts, TickOptions } from '../../functions/dispatch/tick.ts'
import {
  FAILED_INVOCATION,
  SOURCE_STOPPING,
  type TaskAddress,
  TICK_SEGMENT,
} from '../../shared/contract/events.ts'
import type { RunReport } from '../../shared/contract/log-messages.ts'
import { readDue, readStopping, readTickSegment } from '../../shared/domain/task/bus-event.ts'
import { readDeadRun } from '../../shared/domain/task/dead-run.ts'
import { readRetryRequest } from '../../shared/domain/task/retry-request.ts'
import type { Envelope } from './bus.ts'
import type { Process, Surroundings } from './process.ts'

/** The functions' handlers, with the ports of the simulation in place of the environment and the log. */
export interface Handlers {
  collect(process: Process, ports: RetryPorts, payload: unknown, deadlineMs: number): Promise<unknown>
  dispatch(process: Process, ports: DispatchPorts, event: Envelope): Promise<unknown>
}

const HOUR_MS = 3_600_000

const reportText = ({ outcome, pages, events, error }: RunReport): string =>
  `${outcome} ${pages} pages ${events} events ${error ? `${error.type}: ${error.info.slice(0, 120)}` : ''}`

export function createHandlers(
  { trace }: Surroundings,
  settings: CollectSettings,
  /** Is called when a run begins. What it returns is called with the report of the run. */
  watchRun: (address: TaskAddress) => (report: RunReport) => void,
): Handlers {
  return {
    async collect(process, ports, payload, deadlineMs) {
      const invocation: Invocation = { runId: process.requestId, deadlineMs }
      const run = async (address: TaskAddress, claim?: Invocation['claim']): Promise<RunReport> => {
        const onReport = watchRun(address)
        const report = await collect(ports, settings, address, { ...invocation, ...(claim && { claim }) })
        trace.note(process.name, `${address.sourceId}/${address.api} ${reportText(report)}`)
        onReport(report)
        return report
      }
      if (!('step' in (payload as object))) {
        const due = readDue((payload as Envelope).detail)
        return due.reason === 'look' ? look(ports, settings, due, invocation) : run(due)
      }
      const request = readRetryRequest(payload)
      process.execution = request.execution
      const answer = await retry(ports, request, () => run(request, request))
      trace.note(process.name, `${request.step} of ${request.execution}: ${JSON.stringify(answer)}`)
      return answer
    },

    async dispatch(process, ports, { 'detail-type': type, detail, time }) {
      const options: TickOptions = {
        quietLookMs: HOUR_MS,
        onNote: ({ message, tick }) => trace.note(process.name, `says: ${message} (${tick})`),
      }
      if (type === TICK_SEGMENT) return dispatchSegments(ports, { ...options, ...readTickSegment(detail) })
      if (type === SOURCE_STOPPING) return finishDeletion(ports, readStopping(detail))
      if (type === FAILED_INVOCATION) return openForDeadRun(ports, readDeadRun(detail))
      return dispatch(ports, { ...options, tickMs: Date.parse(time) })
    },
  }
}
