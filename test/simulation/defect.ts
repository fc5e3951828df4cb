import type { AdminPorts } from '../../functions/admin/admin-ports.ts'
import type { RetryPorts } from '../../functions/collect/retry.ts'
import type { DispatchPorts } from '../../functions/dispatch/tick.ts'
import type { Task } from '../../shared/domain/task/task.ts'
import type { PutEventsAnswer } from './bus.ts'
import type { Rates } from './fault-plan.ts'
import type { Fault } from './faults.ts'
import type { Process } from './process.ts'
import type { BatchAnswer } from './registry-reads.ts'
import type { Stores } from './stores.ts'

/** A deliberate mistake in the product or in a store. It shows that the checks find such a mistake. */
export interface Defect {
  /** Puts something wrong into the stores themselves, once they are watched. */
  readonly stores?: (stores: Stores) => void
  readonly collect?: (ports: RetryPorts, process: Process, stores: Stores) => RetryPorts
  readonly dispatch?: (ports: DispatchPorts, stores: Stores) => DispatchPorts
  readonly admin?: (ports: AdminPorts) => AdminPorts
  /** Changes the response of the bus that the product sees. */
  readonly putEvents?: (answer: PutEventsAnswer) => PutEventsAnswer
  /** Changes the response to a read of several items. */
  readonly batchGet?: (answer: BatchAnswer) => BatchAnswer
}

/** A defect, the faults that show it, and the number of seeds (of one day) within which the checks must find it. */
export interface Hunt {
  readonly defect: Defect
  readonly faults: readonly Fault[]
  readonly within: number
  /** Rates that replace the usual ones, if two rare faults must coincide. */
  readonly rates?: Rates
  /** The invariant that it breaks. */
  readonly breaks: RegExp
}

/** Returns a port with some methods replaced. The ports here are proxies, which cannot be spread. */
export const replacing = <Port extends object>(port: Port, methods: Partial<Port>): Port =>
  new Proxy(port, {
    get: (target, member, receiver) => Reflect.get(methods, member) ?? Reflect.get(target, member, receiver),
  })

type RunTasks = RetryPorts['tasks']

/** Returns the tasks of a run that sees its task, after each write, in another way than it is stored. */
export const seenAfterWrites = (tasks: RunTasks, see: (task: Task) => Task): RunTasks =>
  replacing(tasks, {
    async apply(...change) {
      const applied = await tasks.apply(...change)
      return applied && { ...applied, after: see(applied.after) }
    },
  })
