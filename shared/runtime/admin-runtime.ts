import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { accessKeySecret } from '../adapters/access-key-secret.ts'
import { eventBus } from '../adapters/event-bus.ts'
import { registryTable } from '../adapters/registry-table.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { systemRandom } from '../adapters/system-random.ts'
import { tasksTable } from '../adapters/tasks-table.ts'
import { tokenSecrets } from '../adapters/token-secrets.ts'
import { type AdminAuth, VARIABLES } from '../contract/variables.ts'
import type { Log, Ports } from '../ports.ts'
import { AWS_CLIENT } from './aws-clients.ts'
import { readEnvironment } from './environment.ts'

const { tasksTable: tasks, registryTable: registry, busName, tokenSecretPrefix } = VARIABLES
const { accessKeySecret: accessKey, adminAuth, allowedHosts } = VARIABLES
const NAMES = { tasks, registry, busName, tokenSecretPrefix, accessKey, adminAuth, allowedHosts }

/** Anything else but the two must not pass for one of them. */
function authOf(value: string): AdminAuth {
  if (value === 'basic' || value === 'iam') return value
  throw new Error(`${adminAuth} must be basic or iam.`)
}

/** The ports and settings of admin, from the function's environment. Throws if a variable is missing or wrong. */
export function adminRuntime(log: Log, environment = process.env) {
  const names = readEnvironment(NAMES, environment)
  const dynamo = new DynamoDBClient(AWS_CLIENT)
  const secrets = new SecretsManagerClient(AWS_CLIENT)
  const system = { clock: systemClock, random: systemRandom }
  return {
    ports: {
      ...system,
      log,
      tasks: tasksTable(dynamo, names.tasks),
      registry: registryTable(dynamo, names.registry),
      tokenWriter: tokenSecrets(secrets, names.tokenSecretPrefix),
      accessKeys: accessKeySecret(secrets, names.accessKey),
      bus: eventBus(new EventBridgeClient(AWS_CLIENT), names.busName, system),
    } satisfies Partial<Ports>,
    settings: {
      auth: authOf(names.adminAuth),
      allowedHosts: JSON.parse(names.allowedHosts) as string[],
    },
  }
}
