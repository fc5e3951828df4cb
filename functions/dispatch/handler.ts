import { Logger } from '@aws-lambda-powertools/logger'
import middy from '@middy/core'
import { TICK_ENDED, type TickReport } from '../../shared/contract/log-messages.ts'
import { dispatchRuntime } from '../../shared/runtime/dispatch-runtime.ts'
import { eventMiddleware } from '../../shared/runtime/event-middleware.ts'
import { dispatch } from './dispatch.ts'

const logger = new Logger({ serviceName: 'dispatch' })
const { ports } = dispatchRuntime()

async function tick(): Promise<TickReport> {
  const report = await dispatch(ports)
  logger.info(TICK_ENDED, { ...report })
  return report
}

export const handler = middy<unknown, TickReport>().use(eventMiddleware(logger)).handler(tick)
