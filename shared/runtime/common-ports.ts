import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { eventBus } from '../adapters/event-bus.ts'
import { healthEventsTable } from '../adapters/health-events-table.ts'
import { registryTable } from '../adapters/registry-table.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { systemRandom } from '../adapters/system-random.ts'
import { tasksTable } from '../adapters/tasks-table.ts'
import { VARIABLES } from '../contract/variables.ts'
import type { Ports } from '../ports.ts'
import { AWS_CLIENT } from './aws-clients.ts'

const { tasksTable: tasks, registryTable: registry, healthEventsTable: healthEvents, busName } = VARIABLES

/** The variables that commonPorts needs. */
export const COMMON = { tasks, registry, healthEvents, busName }

/** What every function uses: clock and chance, the three tables and the bus. */
export function commonPorts(names: Record<keyof typeof COMMON, string>) {
  const dynamo = new DynamoDBClient(AWS_CLIENT)
  const system = { clock: systemClock, random: systemRandom }
  return {
    ...system,
    tasks: tasksTable(dynamo, names.tasks),
    registry: registryTable(dynamo, names.registry),
    healthEvents: healthEventsTable(dynamo, names.healthEvents),
    bus: eventBus(new EventBridgeClient(AWS_CLIENT), names.busName, system),
  } satisfies Partial<Ports>
}
