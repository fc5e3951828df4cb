/** Key attributes of the tables. infra declares them, and the adapters use them. */
export const TASKS_KEY = { partition: 'sourceId', sort: 'api' } as const
/** An item past its expiry is not read any more. The table deletes it some time later. */
export const HEALTH_KEY = { partition: 'resource', sort: 'place', expiry: 'expires' } as const
export const REGISTRY_KEY = { partition: 'pk', sort: 'sk' } as const
/** The partition of the registry in which dispatch keeps how far ticks came. It may write no other. */
export const TICKS_PARTITION = 'TICKS'
