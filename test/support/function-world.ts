import { tasksTable } from '../../shared/adapters/tasks-table.ts'
import { HEALTH_KEY, REGISTRY_KEY, TASKS_KEY } from '../../shared/contract/table-keys.ts'
import { VARIABLES } from '../../shared/contract/variables.ts'
import { startJsonService } from './json-service.ts'
import { createTable, startTable } from './table-database.ts'

interface Entry {
  readonly DetailType: string
  readonly Detail: string
}

const acceptEntries = (input: Readonly<Record<string, unknown>>) => {
  const entries = (input['Entries'] ?? []) as Entry[]
  return { FailedEntryCount: 0, Entries: entries.map((_, i) => ({ EventId: `${i}` })) }
}

/** Starts the tables and the bus, and returns the environment in which an exported handler finds them. */
export async function functionWorld() {
  const database = await startTable('tasks', { ...TASKS_KEY, partitionType: 'N' })
  const { client, endpoint } = database
  await client.send(createTable('registry', { ...REGISTRY_KEY, partitionType: 'S' }))
  await client.send(createTable('health', { ...HEALTH_KEY, partitionType: 'S' }))
  const service = await startJsonService(({ input }) => ({ body: acceptEntries(input) }))
  return {
    tasks: tasksTable(client, 'tasks'),
    environment: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'key',
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_ENDPOINT_URL_EVENTBRIDGE: service.client.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: service.client.endpoint,
      [VARIABLES.tasksTable]: 'tasks',
      [VARIABLES.registryTable]: 'registry',
      [VARIABLES.healthEventsTable]: 'health',
      [VARIABLES.busName]: 'bus',
      [VARIABLES.metricsNamespace]: 'stack',
      [VARIABLES.tokenSecretPrefix]: 'stack/source/',
      [VARIABLES.lakeBucket]: 'lake',
      [VARIABLES.pageSize]: '1000',
      [VARIABLES.quietLookMinutes]: '60',
      [VARIABLES.allowedHosts]: '["events.1password.com"]',
    },
    /** Returns the events that were put on the bus since the last call, with their detail types. */
    published(): { readonly type: string; readonly detail: Record<string, unknown> }[] {
      const puts = service.calls.filter(({ operation }) => operation === 'PutEvents')
      service.calls.length = 0
      const entries = puts.flatMap(({ input }) => input['Entries'] as Entry[])
      return entries.map(({ DetailType, Detail }) => ({ type: DetailType, detail: JSON.parse(Detail) }))
    },
    async close() {
      await Promise.all([database.close(), service.close()])
    },
  }
}

export type FunctionWorld = Awaited<ReturnType<typeof functionWorld>>
