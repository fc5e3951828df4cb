import middy from '@middy/core'
import type { EventBridgeEvent } from 'aws-lambda'
import { FAILED_INVOCATION, SCHEDULED_EVENT, SOURCE_STOPPING } from '../../shared/contract/events.ts'
import { TICK_ENDED } from '../../shared/contract/log-messages.ts'
import { bounded } from '../../shared/domain/failure/shown-text.ts'
import { readStopping } from '../../shared/domain/task/bus-event.ts'
import { type DeadRun, neverBegan, readDeadRun } from '../../shared/domain/task/dead-run.ts'
import { dispatchRuntime } from '../../shared/runtime/dispatch-runtime.ts'
import { eventMiddleware, functionLogger } from '../../shared/runtime/function-logger.ts'
import { measuringLog } from '../../shared/runtime/measuring-log.ts'
import { openForDeadRun } from './dead-run.ts'
import { finishDeletion } from './deletion.ts'
import { dispatch } from './dispatch.ts'

const logger = functionLogger('dispatch')
const log = measuringLog(logger, 'dispatch')
const { ports, settings } = dispatchRuntime()

async function tick(): Promise<void> {
  await dispatch(ports, { ...settings, onEnd: report => log.info(TICK_ENDED, { ...report }) })
}

async function completeDeletion(detail: unknown): Promise<void> {
  const stopping = readStopping(detail)
  const done = await finishDeletion(ports, stopping)
  log.info(done ? 'source deleted' : 'source not deleted yet', { ...stopping })
}

const explainIgnored = (run: DeadRun): string =>
  neverBegan(run)
    ? 'a run found no room in Lambda: the next tick asks for it again'
    : 'a run died: its task has recorded something newer'

async function handleDeadRun(detail: unknown): Promise<void> {
  const run = readDeadRun(detail)
  const isNew = await openForDeadRun(ports, run)
  log.warn(isNew ? 'a run died: its task is retried' : explainIgnored(run), { ...run })
}

type EventHandler = (detail: unknown) => Promise<void>

const HANDLERS: ReadonlyMap<string, EventHandler> = new Map([
  [SCHEDULED_EVENT, tick],
  [SOURCE_STOPPING, completeDeletion],
  [FAILED_INVOCATION, handleDeadRun],
])

type DispatchEvent = Partial<EventBridgeEvent<string, unknown>>

/** Throws for an event that no rule of the stack routes here, so that no other event is taken for a tick. */
function findHandler({ 'detail-type': type, source }: DispatchEvent): EventHandler {
  const found = HANDLERS.get(type ?? '')
  if (found) return found
  const came = bounded(`the detail-type ${JSON.stringify(type)} of the source ${JSON.stringify(source)}`)
  throw new TypeError(`dispatch takes the events ${[...HANDLERS.keys()].join(', ')}; this one has ${came}.`)
}

export const handler = middy<DispatchEvent, void>()
  .use(eventMiddleware(logger))
  .handler(event => findHandler(event)(event.detail))
