import type { AdminAuth } from '../../shared/contract/variables.ts'
import type { DestinationSecrets } from '../../shared/destination-ports.ts'
import type { DestinationRules } from '../../shared/domain/source/destination.ts'
import type { Clock, HealthEvents, Ports, Random, TaskStore } from '../../shared/ports.ts'

/** How many calls one access id may make of one instance of the function. */
export interface CallLimits {
  /** In the long run. */
  readonly perSecond: number
  /** At once, after a pause. */
  readonly burst: number
  readonly inFlight: number
}

export interface AdminSettings {
  readonly auth: AdminAuth
  /** Hosts, or loopback origins, that may receive a token. */
  readonly allowedHosts: readonly string[]
  readonly callLimits: CallLimits
  /** Destinations beside the lake that a collector may have. */
  readonly destinations: DestinationRules
}

/** What the admin function uses, and how it was deployed. */
export interface AdminPorts
  extends Pick<
    Ports,
    'log' | 'registry' | 'tokenWriter' | 'accessKeys' | 'bus' | 'page' | 'eventsApi' | 'expressions'
  > {
  readonly random: Pick<Random, 'uuid'>
  readonly clock: Pick<Clock, 'now'>
  readonly tasks: Pick<TaskStore, 'create' | 'tasksOfSource' | 'scan' | 'apply'>
  readonly healthEvents: Pick<HealthEvents, 'unresolved' | 'history'>
  readonly settings: AdminSettings
  readonly destinationSecrets: DestinationSecrets
}
