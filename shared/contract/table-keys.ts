/** Key attributes of the tables: infra declares them, the adapters use them. */
export const TASKS_KEY = { partition: 'sourceId', sort: 'api' } as const
export const REGISTRY_KEY = { partition: 'pk', sort: 'sk' } as const
