import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { eventBus } from '../adapters/event-bus.ts'
import { healthEventsTable } from '../adapters/health-events-table.ts'
import { registryTable } from '../adapters/registry-table.ts'
import { systemClock, systemRandom } from '../adapters/system.ts'
import { tasksTable } from '../adapters/tasks-table.ts'
import { AWS_CALL } from '../contract/timing.ts'
import { VARIABLES } from '../contract/variables.ts'
import type { Ports } from '../ports.ts'

/** Settings of every AWS client. Without a time-out a call that hangs would use up the time of its run. */
export const AWS_CLIENT = {
  maxAttempts: AWS_CALL.attempts,
  requestHandler: {
    connectionTimeout: AWS_CALL.connectMs,
    requestTimeout: AWS_CALL.timeoutMs,
    throwOnRequestTimeout: true,
  },
} as const

interface LoggingClient {
  readonly middlewareStack: { remove(name: string): boolean }
}

/**
 * Makes a client of AWS. For its logger, which none of our clients has, the SDK would copy every request and answer. A
 * fifth of the time that dispatch computes would go into these copies.
 */
export function createAwsClient<Client extends LoggingClient>(
  Client: new (settings: typeof AWS_CLIENT) => Client,
): Client {
  const client = new Client(AWS_CLIENT)
  client.middlewareStack.remove('loggerMiddleware')
  return client
}

/** Reads environment variables. Throws one error that names all that are missing. */
export function readEnvironment<Name extends string>(
  variables: Readonly<Record<Name, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): Record<Name, string> {
  const entries = Object.entries<string>(variables).map(
    ([name, variable]) => [name, environment[variable]] as const,
  )
  const missing = entries
    .filter(([, value]) => value === undefined || value === '')
    .map(([name]) => variables[name as Name])
  if (missing.length > 0) throw new Error(`The environment lacks ${missing.join(', ')}.`)
  return Object.fromEntries(entries) as Record<Name, string>
}

const { tasksTable: tasks, registryTable: registry, healthEventsTable: healthEvents, busName } = VARIABLES

/** The variables that commonPorts needs, under the names of its parameter's members. */
export const COMMON = { tasks, registry, healthEvents, busName }

/** The ports that every function uses: clock, random numbers, the three tables and the bus. */
export function commonPorts(
  names: Record<keyof typeof COMMON, string>,
  dynamo: DynamoDBClient = createAwsClient(DynamoDBClient),
) {
  const system = { clock: systemClock, random: systemRandom }
  return {
    ...system,
    tasks: tasksTable(dynamo, names.tasks),
    registry: registryTable(dynamo, names.registry, system),
    healthEvents: healthEventsTable(dynamo, names.healthEvents),
    bus: eventBus(createAwsClient(EventBridgeClient), names.busName, system),
  } satisfies Partial<Ports>
}
