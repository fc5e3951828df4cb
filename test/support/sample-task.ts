import type { DescribedSource, FieldSchema } from '../../shared/domain/source/source.ts'
import type { Task } from '../../shared/domain/task/task.ts'

/** Returns a task that has never run, with the changes of the test. */
export const sampleTask = (change: Partial<Task> = {}): Task => ({
  schema: 4,
  sourceId: 100000002,
  api: 'sign-in',
  collectorId: 100000001,
  createdAt: '2026-03-01T00:00:00.000Z',
  state: 'Pending',
  stateSince: '2026-03-01T00:00:00.000Z',
  chain: 1,
  startTime: '2026-02-28T00:00:00Z',
  fence: 0,
  pages: 0,
  events: 0,
  ...change,
})

interface Naming {
  readonly collector?: Partial<DescribedSource['collector']>
  readonly source?: Partial<DescribedSource['source']>
  readonly fields?: FieldSchema['fields']
}

export const sampleSource = ({ collector, source, fields = {} }: Naming = {}): DescribedSource => ({
  collector: {
    schema: 1,
    id: 100000001,
    version: 1,
    name: 'Team',
    destination: { type: 'lake' },
    fields: {},
    createdAt: '2026-03-01T00:00:00.000Z',
    ...collector,
  },
  source: {
    schema: 1,
    id: 100000002,
    collectorId: 100000001,
    version: 1,
    name: '1Pass',
    fields: {},
    baseUrl: 'https://events.1password.com',
    configuredBaseUrl: 'events.1password.com',
    apis: ['sign-in'],
    startTime: '2026-02-28T00:00:00Z',
    tokenVersion: 'v1',
    createdAt: '2026-03-01T00:00:00.000Z',
    ...source,
  },
  fieldSchema: { schema: 1, version: 1, fields },
})
