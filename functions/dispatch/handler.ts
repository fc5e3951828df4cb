import middy from '@middy/core'
import type { EventBridgeEvent } from 'aws-lambda'
import {
  FAILED_INVOCATION,
  SCHEDULED_EVENT,
  SOURCE_STOPPING,
  TICK_SEGMENT,
} from '../../shared/contract/events.ts'
import { TICK_ENDED, TICK_UNFINISHED } from '../../shared/contract/log-messages.ts'
import { bounded } from '../../shared/domain/failure/shown-text.ts'
import { readStopping, readTickSegment } from '../../shared/domain/task/bus-event.ts'
import { type DeadRun, neverBegan, readDeadRun } from '../../shared/domain/task/dead-run.ts'
import { dispatchRuntime } from '../../shared/runtime/dispatch-runtime.ts'
import { eventMiddleware, functionLogger } from '../../shared/runtime/function-logger.ts'
import { measuringLog } from '../../shared/runtime/measuring-log.ts'
import { openForDeadRun } from './dead-run.ts'
import { finishDeletion } from './deletion.ts'
import { dispatch } from './dispatch.ts'
import { dispatchSegments } from './segments.ts'
import type { TickOptions } from './tick.ts'

const logger = functionLogger('dispatch')
const log = measuringLog(logger, 'dispatch')
const { ports, settings } = dispatchRuntime()

type DispatchEvent = Partial<EventBridgeEvent<string, unknown>>

const options: TickOptions = {
  ...settings,
  onEnd: report => log.info(TICK_ENDED, { ...report }),
  onNote: ({ message, ...members }) =>
    message === TICK_UNFINISHED ? log.warn(message, members) : log.info(message, members),
}

/** The time of the schedule's event names the tick, so that an event that comes twice makes one tick. */
async function tick({ time }: DispatchEvent): Promise<void> {
  const tickMs = Date.parse(time ?? '')
  await dispatch(ports, { ...options, ...(Number.isNaN(tickMs) ? {} : { tickMs }) })
}

async function goOn({ detail }: DispatchEvent): Promise<void> {
  await dispatchSegments(ports, { ...options, ...readTickSegment(detail) })
}

async function completeDeletion({ detail }: DispatchEvent): Promise<void> {
  const stopping = readStopping(detail)
  const done = await finishDeletion(ports, stopping)
  log.info(done ? 'source deleted' : 'source not deleted yet', { ...stopping })
}

const explainIgnored = (run: DeadRun): string =>
  neverBegan(run)
    ? 'a run found no room in Lambda: the next tick asks for it again'
    : 'a run died: its task has recorded something newer'

async function handleDeadRun({ detail }: DispatchEvent): Promise<void> {
  const run = readDeadRun(detail)
  const isNew = await openForDeadRun(ports, run)
  log.warn(isNew ? 'a run died: its task is retried' : explainIgnored(run), { ...run })
}

type EventHandler = (event: DispatchEvent) => Promise<void>

const HANDLERS: ReadonlyMap<string, EventHandler> = new Map([
  [SCHEDULED_EVENT, tick],
  [TICK_SEGMENT, goOn],
  [SOURCE_STOPPING, completeDeletion],
  [FAILED_INVOCATION, handleDeadRun],
])

/** Throws for an event that no rule of the stack routes here, so that no other event is taken for a tick. */
function findHandler({ 'detail-type': type, source }: DispatchEvent): EventHandler {
  const found = HANDLERS.get(type ?? '')
  if (found) return found
  const came = bounded(`the detail-type ${JSON.stringify(type)} of the source ${JSON.stringify(source)}`)
  throw new TypeError(`dispatch takes the events ${[...HANDLERS.keys()].join(', ')}; this one has ${came}.`)
}

export const handler = middy<DispatchEvent, void>()
  .use(eventMiddleware(logger))
  .handler(event => findHandler(event)(event))
