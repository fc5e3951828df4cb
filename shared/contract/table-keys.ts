/** Key attributes of the tables: infra declares them, the adapters use them. */
export const TASKS_KEY = { partition: 'sourceId', sort: 'api' } as const
/** An expired item is no longer read, and deleted by the table when it gets to it. */
export const HEALTH_KEY = { partition: 'resource', sort: 'place', expiry: 'expires' } as const
export const REGISTRY_KEY = { partition: 'pk', sort: 'sk' } as const
