import type { RetryPorts } from '../../functions/collect/retry.ts'
import type { DispatchPorts } from '../../functions/dispatch/dispatch.ts'
import type { PutEventsAnswer } from './bus.ts'
import type { Process } from './process.ts'
import type { Stores } from './stores.ts'

/** A mistake that is made on purpose, to see that it is found. */
export interface Defect {
  /** Puts something wrong into the stores themselves, once they are watched. */
  readonly stores?: (stores: Stores) => void
  readonly collect?: (ports: RetryPorts, process: Process, stores: Stores) => RetryPorts
  readonly dispatch?: (ports: DispatchPorts) => DispatchPorts
  /** What the bus seems to answer. */
  readonly putEvents?: (answer: PutEventsAnswer) => PutEventsAnswer
}

/** A port with some other methods; ports here are proxies, which cannot be spread. */
export const replacing = <Port extends object>(port: Port, methods: Partial<Port>): Port =>
  new Proxy(port, {
    get: (target, member, receiver) => Reflect.get(methods, member) ?? Reflect.get(target, member, receiver),
  })
