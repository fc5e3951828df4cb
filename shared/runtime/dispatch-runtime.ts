import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { eventBus } from '../adapters/event-bus.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { systemRandom } from '../adapters/system-random.ts'
import { tasksTable } from '../adapters/tasks-table.ts'
import { VARIABLES } from '../contract/variables.ts'
import type { Ports } from '../ports.ts'
import { AWS_CLIENT } from './aws-clients.ts'
import { readEnvironment } from './environment.ts'

/** The ports of dispatch, from the function's environment. Throws if a variable is missing. */
export function dispatchRuntime(environment = process.env) {
  const { tasksTable: tasks, busName } = VARIABLES
  const names = readEnvironment({ tasks, busName }, environment)
  const system = { clock: systemClock, random: systemRandom }
  return {
    ports: {
      clock: systemClock,
      tasks: tasksTable(new DynamoDBClient(AWS_CLIENT), names.tasks),
      bus: eventBus(new EventBridgeClient(AWS_CLIENT), names.busName, system),
    } satisfies Partial<Ports>,
  }
}
