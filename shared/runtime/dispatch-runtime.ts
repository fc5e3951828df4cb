import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { tickItems } from '../adapters/tick-items.ts'
import { tokenRemover } from '../adapters/token-secrets.ts'
import { VARIABLES } from '../contract/variables.ts'
import type { Ports } from '../ports.ts'
import { COMMON, commonPorts, createAwsClient, readEnvironment } from './common-ports.ts'

const { tokenSecretPrefix, quietLookMinutes } = VARIABLES

/** Makes the ports and settings of dispatch from the function's environment. Throws if a variable is missing. */
export function dispatchRuntime(environment = process.env) {
  const names = readEnvironment({ ...COMMON, tokenSecretPrefix, quietLookMinutes }, environment)
  const dynamo = createAwsClient(DynamoDBClient)
  const common = commonPorts(names, dynamo)
  return {
    ports: {
      ...common,
      ticks: tickItems(dynamo, names.registry, common),
      tokenRemover: tokenRemover(createAwsClient(SecretsManagerClient), names.tokenSecretPrefix),
    } satisfies Partial<Ports>,
    settings: { quietLookMs: Number(names.quietLookMinutes) * 60_000 },
  }
}
