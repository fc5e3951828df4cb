import { Logger } from '@aws-lambda-powertools/logger'
import middy from '@middy/core'
import type { Context, EventBridgeEvent } from 'aws-lambda'
import { RUN_ENDED, type RunReport } from '../../shared/contract/log-messages.ts'
import { readDue } from '../../shared/domain/bus-event.ts'
import { collectRuntime } from '../../shared/runtime/collect-runtime.ts'
import { eventMiddleware } from '../../shared/runtime/event-middleware.ts'
import { collect } from './collect.ts'

const logger = new Logger({ serviceName: 'collect' })
const { ports, settings } = collectRuntime(logger)

async function run({ detail }: EventBridgeEvent<string, unknown>, context: Context): Promise<RunReport> {
  const deadlineMs = ports.clock.now() + context.getRemainingTimeInMillis()
  const report = await collect(ports, settings, readDue(detail), deadlineMs)
  logger.info(RUN_ENDED, { ...report })
  return report
}

export const handler = middy<EventBridgeEvent<string, unknown>, RunReport>()
  .use(eventMiddleware(logger))
  .handler(run)
