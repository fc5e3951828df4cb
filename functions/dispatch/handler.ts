import { Logger } from '@aws-lambda-powertools/logger'
import middy from '@middy/core'
import type { EventBridgeEvent } from 'aws-lambda'
import { SOURCE_STOPPING } from '../../shared/contract/events.ts'
import { TICK_ENDED } from '../../shared/contract/log-messages.ts'
import { readStopping } from '../../shared/domain/bus-event.ts'
import { dispatchRuntime } from '../../shared/runtime/dispatch-runtime.ts'
import { eventMiddleware } from '../../shared/runtime/event-middleware.ts'
import { finishDeletion } from './deletion.ts'
import { dispatch } from './dispatch.ts'

const logger = new Logger({ serviceName: 'dispatch' })
const { ports } = dispatchRuntime()

async function tick(): Promise<void> {
  logger.info(TICK_ENDED, { ...(await dispatch(ports)) })
}

async function completeDeletion(detail: unknown): Promise<void> {
  const stopping = readStopping(detail)
  const done = await finishDeletion(ports, stopping)
  logger.info(done ? 'source deleted' : 'source not deleted yet', { ...stopping })
}

export const handler = middy<EventBridgeEvent<string, unknown>, void>()
  .use(eventMiddleware(logger))
  .handler(event => (event['detail-type'] === SOURCE_STOPPING ? completeDeletion(event.detail) : tick()))
