import type { HealthEvents, Ports, Registry, TaskStore } from '../../shared/ports.ts'

/** What the function touches. */
export interface CollectPorts
  extends Pick<
    Ports,
    'clock' | 'random' | 'log' | 'tokens' | 'eventsApi' | 'lake' | 'destinations' | 'bus' | 'expressions'
  > {
  readonly tasks: Pick<TaskStore, 'read' | 'apply'>
  readonly healthEvents: Pick<HealthEvents, 'record'>
  readonly registry: Pick<Registry, 'registered' | 'fieldSchema'>
}

export interface CollectSettings {
  /** How many items a request asks for, 1 to 1000. */
  readonly pageSize: number
  /** Origins and hosts that a token may be sent to. */
  readonly allowedHosts: readonly string[]
}
