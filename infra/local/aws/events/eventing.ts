import { join } from 'node:path'
import type { Activity } from '../clock/activity.ts'
import type { VirtualClock } from '../clock/clock.ts'
import { readJson, removeFile, writeJson } from '../data-directory/json-file.ts'
import { createAuthorizer } from '../iam/authorizer.ts'
import { type AsynchronousInvoker, createAsynchronousInvoker } from '../lambda/asynchronous.ts'
import { createFailureDestination } from '../lambda/failure-destination.ts'
import type { FunctionPool } from '../lambda/function-pool.ts'
import type { InvocationResult, PromisedInvocation } from '../lambda/invocation.ts'
import type { OnNotice } from '../reports.ts'
import type { ExecutionEvent } from '../states/execution-event.ts'
import { createStateMachines, type StateMachineRunner } from '../states/state-machines.ts'
import type { Deployment } from '../template/model.ts'
import { createBus } from './bus.ts'
import { createDelivery, type Delivery, type PendingDelivery } from './delivery.ts'
import type { EventEnvelope } from './put-events.ts'
import { createQueueFiles } from './queue-files.ts'
import { createSchedule, type Schedule } from './schedule.ts'
import { refuseUnknownTargets } from './target.ts'
import { createTopicAndLogFiles } from './topic-and-log-files.ts'

interface EventingParts {
  readonly deployment: Deployment
  readonly dataDir: string
  readonly clock: VirtualClock
  readonly activity: Activity
  /** By ARN. The map may be filled later, but before the first event. */
  readonly pools: ReadonlyMap<string, FunctionPool>
  readonly onNotice: OnNotice
  /** Called at every firing of a rate rule. */
  readonly onTick?: () => void
  readonly onFunctionError: (pool: FunctionPool, result: InvocationResult) => void
  /** Called for every step of every execution of a state machine. */
  readonly onExecution?: ((event: ExecutionEvent) => void) | undefined
}

/** Buses, rules, schedule, asynchronous invocation and state machines of a deployment. */
export interface Eventing {
  readonly schedule: Schedule
  readonly stateMachines: Pick<StateMachineRunner, 'executions' | 'abort'>
  putEvents(busName: string, envelopes: readonly EventEnvelope[]): void
  /** Goes on with the deliveries, invocations and executions that an earlier emulator left unfinished. */
  resume(): void
  /** Begins no further delivery or invocation, and ends executions. The next emulator begins the executions anew. */
  stop(): void
  /**
   * Saves the work that has not begun, for the `resume` of the next emulator. Does nothing before `resume` was
   * called.
   */
  save(): void
}

/** Throws if a rule has a pattern or a target that the emulator does not understand. */
export function createEventing(parts: EventingParts): Eventing {
  const { deployment, dataDir, clock, activity, onNotice } = parts
  const authorizer = createAuthorizer(deployment)
  const queues = createQueueFiles({ dataDir, queues: deployment.queues, clock, onNotice })
  const putEvents: Eventing['putEvents'] = (busName, envelopes) => bus.putEvents(busName, envelopes)
  const destination = createFailureDestination({ deployment, clock, authorizer, queues, putEvents, onNotice })
  const invoker = createAsynchronousInvoker({ ...parts, destination })
  const stateMachines = createStateMachines({ ...parts, authorizer, onEvent: parts.onExecution })
  const delivery = createDelivery({
    ...{ deployment, authorizer, clock, activity, queues, onNotice },
    files: createTopicAndLogFiles({ dataDir, clock }),
    invoke: invoker.accept,
    startExecution: stateMachines.start,
  })
  const bus = createBus(deployment, delivery.deliver)
  refuseUnknownTargets(deployment)
  const tick: Delivery['deliver'] = (rule, envelope) => {
    parts.onTick?.()
    delivery.deliver(rule, envelope)
  }
  const schedule = createSchedule({ deployment, clock, deliver: tick })
  return {
    schedule,
    stateMachines,
    putEvents,
    ...keepUnfinished(dataDir, { schedule, invoker, stateMachines, delivery }),
  }
}

interface Unfinished {
  readonly schedule: Schedule
  readonly invoker: AsynchronousInvoker
  readonly stateMachines: StateMachineRunner
  readonly delivery: Delivery
}

function keepUnfinished(
  dataDir: string,
  { schedule, invoker, stateMachines, delivery }: Unfinished,
): Pick<Eventing, 'resume' | 'stop' | 'save'> {
  const promisedFile = join(dataDir, 'promised.json')
  const undeliveredFile = join(dataDir, 'undelivered.json')
  let resumed = false
  return {
    resume() {
      invoker.resume(readJson<PromisedInvocation[]>(promisedFile) ?? [])
      removeFile(promisedFile)
      delivery.resume(readJson<PendingDelivery[]>(undeliveredFile) ?? [])
      removeFile(undeliveredFile)
      stateMachines.resume()
      resumed = true
    },
    stop() {
      schedule.stop()
      delivery.stop()
      invoker.stop()
      stateMachines.stop()
    },
    save() {
      if (!resumed) return
      writeJson(promisedFile, invoker.promised())
      const undelivered = delivery.pending()
      if (undelivered.length > 0) writeJson(undeliveredFile, undelivered)
    },
  }
}
