import middy from '@middy/core'
import type { Context, EventBridgeEvent } from 'aws-lambda'
import type { CollectionDue, TaskAddress } from '../../shared/contract/events.ts'
import {
  LOOK_ENDED,
  type LookReport,
  RETRY_STEP,
  RUN_ENDED,
  type RunReport,
} from '../../shared/contract/log-messages.ts'
import type { RetryAnswer, RetryRequest } from '../../shared/contract/retry.ts'
import { readDue } from '../../shared/domain/task/bus-event.ts'
import { readRetryRequest } from '../../shared/domain/task/retry-request.ts'
import { collectRuntime } from '../../shared/runtime/collect-runtime.ts'
import { eventMiddleware, functionLogger } from '../../shared/runtime/function-logger.ts'
import { measuringLog } from '../../shared/runtime/measuring-log.ts'
import type { Invocation } from './begin.ts'
import { collect } from './collect.ts'
import { look } from './look.ts'
import { runMetrics, stepMetrics } from './metrics.ts'
import { retry } from './retry.ts'

const logger = functionLogger('collect')
const log = measuringLog(logger, 'collect')
const { ports, settings } = collectRuntime(log)

const toInvocation = (context: Context): Invocation => ({
  runId: context.awsRequestId,
  deadlineMs: ports.clock.now() + context.getRemainingTimeInMillis(),
})

async function run(address: TaskAddress, invocation: Invocation): Promise<RunReport> {
  const report = await collect(ports, settings, address, invocation)
  log.info(RUN_ENDED, { ...report, metrics: runMetrics(report) })
  return report
}

async function lookAt(due: CollectionDue, invocation: Invocation): Promise<LookReport> {
  const report = await look(ports, settings, due, invocation)
  log.info(LOOK_ENDED, { ...report })
  return report
}

const take = (due: CollectionDue, invocation: Invocation): Promise<RunReport | LookReport> =>
  due.reason === 'look' ? lookAt(due, invocation) : run(due, invocation)

async function step(request: RetryRequest, invocation: Invocation): Promise<RetryAnswer> {
  const answer = await retry(ports, request, () => run(request, { ...invocation, claim: request }))
  const { death, ...asked } = request
  const metrics = stepMetrics(request, answer)
  log.info(RETRY_STEP, { ...asked, ...(death && { death: death.Error }), ...answer, metrics })
  return answer
}

type Asked = EventBridgeEvent<string, unknown> | RetryRequest

export const handler = middy<Asked, RunReport | LookReport | RetryAnswer>()
  .use(eventMiddleware(logger))
  .handler((event, context) => {
    const invocation = toInvocation(context)
    return 'step' in event
      ? step(readRetryRequest(event), invocation)
      : take(readDue(event.detail), invocation)
  })
