import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { expect, it } from 'vitest'
import { createAwsClient } from '../../../shared/runtime/common-ports.ts'

const CLIENTS = [DynamoDBClient, EventBridgeClient, S3Client, SecretsManagerClient]

it.each(CLIENTS.map(Client => [Client.name, Client] as const))(
  'a %s copies no request and no answer for a logger',
  (_name, Client) => {
    const names = (client: object): string[] =>
      (client as DynamoDBClient).middlewareStack.identify().map(entry => String(entry).split(' ')[0] ?? '')
    const client = createAwsClient<DynamoDBClient>(Client as typeof DynamoDBClient)
    expect(names(new Client({}))).toContain('loggerMiddleware')
    expect(names(client)).not.toContain('loggerMiddleware')
  },
)
