import { join } from 'node:path'
import type { Activity } from '../clock/activity.ts'
import type { VirtualClock } from '../clock/clock.ts'
import { readJson, removeFile, writeJson } from '../data-directory/json-file.ts'
import { createAuthorizer } from '../iam/authorizer.ts'
import { createAsynchronousInvoker } from '../lambda/asynchronous.ts'
import { createFailureDestination } from '../lambda/failure-destination.ts'
import type { FunctionPool } from '../lambda/function-pool.ts'
import type { InvocationResult, PromisedInvocation } from '../lambda/invocation.ts'
import type { OnNotice } from '../reports.ts'
import type { ExecutionEvent } from '../states/execution-event.ts'
import { createStateMachines, type StateMachineRunner } from '../states/state-machines.ts'
import type { Deployment } from '../template/model.ts'
import { createBus } from './bus.ts'
import type { EventEnvelope } from './put-events.ts'
import { createQueueFiles } from './queue-files.ts'
import { createSchedule, type Schedule } from './schedule.ts'
import { createDelivery, refuseUnknownTargets } from './target.ts'
import { createToldFiles } from './told-files.ts'

export interface EventingParts {
  readonly deployment: Deployment
  readonly dataDir: string
  readonly clock: VirtualClock
  readonly activity: Activity
  /** By ARN; may be filled later, before the first event. */
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
  /** Takes up the invocations that an earlier stage promised and did not begin, and the executions that it did not end. */
  resume(): void
  /** Begins no further invocation and lets go of executions. */
  stop(): void
  /** Keeps what was promised and not begun, for `resume`; before that was called, what was kept stands. */
  save(): void
}

/** Throws if a rule has a pattern or a target that cannot be honoured. */
export function createEventing(parts: EventingParts): Eventing {
  const { deployment, dataDir, clock, onNotice } = parts
  const file = join(dataDir, 'promised.json')
  const authorizer = createAuthorizer(deployment)
  const queues = createQueueFiles({ dataDir, queues: deployment.queues, clock, onNotice })
  const putEvents: Eventing['putEvents'] = (busName, envelopes) => bus.putEvents(busName, envelopes)
  const destination = createFailureDestination({ deployment, clock, authorizer, queues, putEvents, onNotice })
  const invoker = createAsynchronousInvoker({ ...parts, destination })
  const told = createToldFiles({ dataDir, clock })
  const stateMachines = createStateMachines({ ...parts, authorizer, onEvent: parts.onExecution })
  const { accept: invoke } = invoker
  const { start: startExecution } = stateMachines
  const deliver = createDelivery({ deployment, authorizer, queues, told, invoke, startExecution, onNotice })
  const bus = createBus(deployment, deliver)
  refuseUnknownTargets(deployment)
  const tick: typeof deliver = (rule, envelope) => {
    parts.onTick?.()
    deliver(rule, envelope)
  }
  const schedule = createSchedule({ deployment, clock, deliver: tick })
  let resumed = false
  return {
    schedule,
    stateMachines,
    putEvents,
    resume() {
      invoker.resume(readJson<PromisedInvocation[]>(file) ?? [])
      removeFile(file)
      stateMachines.resume()
      resumed = true
    },
    stop() {
      schedule.stop()
      invoker.stop()
      stateMachines.stop()
    },
    save() {
      if (resumed) writeJson(file, invoker.promised())
    },
  }
}
