import middy from '@middy/core'
import type { EventBridgeEvent } from 'aws-lambda'
import { FAILED_INVOCATION, SOURCE_STOPPING } from '../../shared/contract/events.ts'
import { TICK_ENDED } from '../../shared/contract/log-messages.ts'
import { readStopping } from '../../shared/domain/task/bus-event.ts'
import { type DeadRun, neverBegan, readDeadRun } from '../../shared/domain/task/dead-run.ts'
import { dispatchRuntime } from '../../shared/runtime/dispatch-runtime.ts'
import { eventMiddleware } from '../../shared/runtime/event-middleware.ts'
import { functionLogger } from '../../shared/runtime/function-logger.ts'
import { measuringLog } from '../../shared/runtime/measuring-log.ts'
import { openForDeadRun } from './dead-run.ts'
import { finishDeletion } from './deletion.ts'
import { dispatch } from './dispatch.ts'

const logger = functionLogger('dispatch')
const log = measuringLog(logger, 'dispatch')
const { ports } = dispatchRuntime()

async function tick(): Promise<void> {
  await dispatch(ports, report => log.info(TICK_ENDED, { ...report }))
}

async function completeDeletion(detail: unknown): Promise<void> {
  const stopping = readStopping(detail)
  const done = await finishDeletion(ports, stopping)
  log.info(done ? 'source deleted' : 'source not deleted yet', { ...stopping })
}

const passedOver = (run: DeadRun): string =>
  neverBegan(run)
    ? 'a run found no room in Lambda: the next tick asks for it again'
    : 'a run died: its task has recorded something newer'

async function takeDeadRun(detail: unknown): Promise<void> {
  const run = readDeadRun(detail)
  const isNew = await openForDeadRun(ports, run)
  log.warn(isNew ? 'a run died: its task is retried' : passedOver(run), { ...run })
}

type Take = (detail: unknown) => Promise<void>

const TAKES: Readonly<Record<string, Take>> = {
  [SOURCE_STOPPING]: completeDeletion,
  [FAILED_INVOCATION]: takeDeadRun,
}

export const handler = middy<EventBridgeEvent<string, unknown>, void>()
  .use(eventMiddleware(logger))
  .handler(event => (TAKES[event['detail-type']] ?? tick)(event.detail))
