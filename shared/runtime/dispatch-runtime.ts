import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { eventBus } from '../adapters/event-bus.ts'
import { healthEventsTable } from '../adapters/health-events-table.ts'
import { registryTable } from '../adapters/registry-table.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { systemRandom } from '../adapters/system-random.ts'
import { tasksTable } from '../adapters/tasks-table.ts'
import { tokenRemover } from '../adapters/token-remover.ts'
import { VARIABLES } from '../contract/variables.ts'
import type { Ports } from '../ports.ts'
import { AWS_CLIENT } from './aws-clients.ts'
import { readEnvironment } from './environment.ts'

const { tasksTable: tasks, registryTable: registry, healthEventsTable: healthEvents } = VARIABLES
const { busName, tokenSecretPrefix } = VARIABLES

/** The ports of dispatch, from the function's environment. Throws if a variable is missing. */
export function dispatchRuntime(environment = process.env) {
  const names = readEnvironment({ tasks, registry, healthEvents, busName, tokenSecretPrefix }, environment)
  const dynamo = new DynamoDBClient(AWS_CLIENT)
  const system = { clock: systemClock, random: systemRandom }
  return {
    ports: {
      clock: systemClock,
      tasks: tasksTable(dynamo, names.tasks),
      registry: registryTable(dynamo, names.registry),
      healthEvents: healthEventsTable(dynamo, names.healthEvents),
      tokenRemover: tokenRemover(new SecretsManagerClient(AWS_CLIENT), names.tokenSecretPrefix),
      bus: eventBus(new EventBridgeClient(AWS_CLIENT), names.busName, system),
    } satisfies Partial<Ports>,
  }
}
