/** Names of the environment variables of the functions. infra sets them, and shared/runtime reads them. */
export const VARIABLES = {
  tasksTable: 'TASKS_TABLE',
  registryTable: 'REGISTRY_TABLE',
  healthEventsTable: 'HEALTH_EVENTS_TABLE',
  lakeBucket: 'LAKE_BUCKET',
  busName: 'BUS_NAME',
  /** The secret of a source's token is named `${prefix}${sourceId}`. */
  tokenSecretPrefix: 'TOKEN_SECRET_PREFIX',
  /** ARN of the KMS key for these secrets. Without it they are under the key that AWS manages. */
  tokenKey: 'TOKEN_KMS_KEY_ARN',
  accessKeySecret: 'ACCESS_KEY_SECRET_ARN',
  adminAuth: 'ADMIN_AUTH',
  /** JSON array of the hosts that a token may be sent to. For trying out, loopback origins are allowed, too. */
  allowedHosts: 'ALLOWED_HOSTS',
  pageSize: 'PAGE_SIZE',
  /** JSON array of the kinds of destinations beside the lake. This variable and the next two are set if there is any. */
  destinations: 'DESTINATIONS',
  /** JSON array of the hosts that events may be sent to. Empty: every host of the public internet. */
  destinationHosts: 'DESTINATION_HOSTS',
  /** The secret of a destination has this prefix, and a name that its collector holds. */
  destinationSecretPrefix: 'DESTINATION_SECRET_PREFIX',
  /** How often a task that waits for its user is looked at. 0: never. */
  quietLookMinutes: 'QUIET_LOOK_MINUTES',
  /** The name is given by Powertools. The value is the stack's name, so that two stacks do not share their metrics. */
  metricsNamespace: 'POWERTOOLS_METRICS_NAMESPACE',
} as const

export type AdminAuth = 'basic' | 'iam'
