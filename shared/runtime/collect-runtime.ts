import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { eventBus } from '../adapters/event-bus.ts'
import { eventsApiHttp } from '../adapters/events-api-http.ts'
import { healthEventsTable } from '../adapters/health-events-table.ts'
import { lakeBucket } from '../adapters/lake-bucket.ts'
import { registryTable } from '../adapters/registry-table.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { systemRandom } from '../adapters/system-random.ts'
import { tasksTable } from '../adapters/tasks-table.ts'
import { tokenCache } from '../adapters/token-cache.ts'
import { VARIABLES } from '../contract/variables.ts'
import type { Log, Ports } from '../ports.ts'
import { AWS_CLIENT } from './aws-clients.ts'
import { readEnvironment } from './environment.ts'

const { tasksTable: tasks, registryTable: registry, lakeBucket: lake, busName } = VARIABLES
const { healthEventsTable: healthEvents, tokenSecretPrefix, allowedHosts, pageSize } = VARIABLES
const NAMES = { tasks, registry, healthEvents, lake, busName, tokenSecretPrefix, allowedHosts, pageSize }

/** The ports and settings of collect, from the function's environment. Throws if a variable is missing. */
export function collectRuntime(log: Log, environment = process.env) {
  const names = readEnvironment(NAMES, environment)
  const dynamo = new DynamoDBClient(AWS_CLIENT)
  const system = { clock: systemClock, random: systemRandom }
  return {
    ports: {
      ...system,
      log,
      tasks: tasksTable(dynamo, names.tasks),
      registry: registryTable(dynamo, names.registry),
      healthEvents: healthEventsTable(dynamo, names.healthEvents),
      tokens: tokenCache(new SecretsManagerClient(AWS_CLIENT), names.tokenSecretPrefix, systemClock),
      eventsApi: eventsApiHttp(),
      lake: lakeBucket(new S3Client(AWS_CLIENT), names.lake),
      bus: eventBus(new EventBridgeClient(AWS_CLIENT), names.busName, system),
    } satisfies Partial<Ports>,
    settings: {
      pageSize: Number(names.pageSize),
      allowedHosts: JSON.parse(names.allowedHosts) as string[],
    },
  }
}
