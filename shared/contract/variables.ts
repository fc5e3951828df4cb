/** Names of the functions' environment variables: set by infra, read by shared/runtime. */
export const VARIABLES = {
  tasksTable: 'TASKS_TABLE',
  registryTable: 'REGISTRY_TABLE',
  healthEventsTable: 'HEALTH_EVENTS_TABLE',
  lakeBucket: 'LAKE_BUCKET',
  busName: 'BUS_NAME',
  /** Every token's secret is named `${prefix}${sourceId}`. */
  tokenSecretPrefix: 'TOKEN_SECRET_PREFIX',
  /** ARN of the KMS key of those secrets; absent if they are under the key that AWS manages. */
  tokenKey: 'TOKEN_KMS_KEY_ARN',
  accessKeySecret: 'ACCESS_KEY_SECRET_ARN',
  adminAuth: 'ADMIN_AUTH',
  /** JSON array of the hosts (or, for trying out, loopback origins) that a token may be sent to. */
  allowedHosts: 'ALLOWED_HOSTS',
  pageSize: 'PAGE_SIZE',
  /** Powertools' own name. The stack's: two stacks in one account must not share their metrics. */
  metricsNamespace: 'POWERTOOLS_METRICS_NAMESPACE',
} as const

export type AdminAuth = 'basic' | 'iam'
