import type { AdminAuth } from '../../shared/contract/variables.ts'
import type { Clock, Ports, TaskStore } from '../../shared/ports.ts'

export interface AdminSettings {
  readonly auth: AdminAuth
  /** Hosts, or loopback origins, that a token may be sent to. */
  readonly allowedHosts: readonly string[]
}

/** What the admin function touches, and how it was deployed. */
export interface AdminPorts extends Pick<Ports, 'log' | 'registry' | 'tokenWriter' | 'accessKeys' | 'bus'> {
  readonly clock: Pick<Clock, 'now'>
  readonly tasks: Pick<TaskStore, 'create' | 'ofSource'>
  readonly settings: AdminSettings
}
