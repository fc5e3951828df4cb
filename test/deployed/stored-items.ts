import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { type DeployedSystem, REGION } from './deployed-system.ts'
import { CREDENTIALS } from './emulator/endpoint.ts'

type Item = Readonly<Record<string, unknown>>

/** The tables and secrets of a deployed system, for a test that writes what an earlier deployment left. */
export function storedItems({ emulator, functions }: DeployedSystem) {
  const config = {
    endpoint: emulator.url,
    region: REGION,
    credentials: {
      accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
      secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
      sessionToken: CREDENTIALS.AWS_SESSION_TOKEN,
    },
  }
  const tables = new DynamoDBClient(config)
  const secrets = new SecretsManagerClient(config)
  const findName = (variable: string): string => functions[0]?.environment[variable] ?? ''
  return {
    async put(variable: string, ...items: Item[]): Promise<void> {
      for (const item of items)
        await tables.send(new PutItemCommand({ TableName: findName(variable), Item: marshall(item) }))
    },
    async get(variable: string, key: Item): Promise<Item> {
      const { Item: item = {} } = await tables.send(
        new GetItemCommand({ TableName: findName(variable), Key: marshall(key), ConsistentRead: true }),
      )
      return unmarshall(item)
    },
    async secret(name: string, value: string): Promise<void> {
      await secrets.send(new CreateSecretCommand({ Name: name, SecretString: value }))
    },
    close() {
      tables.destroy()
      secrets.destroy()
    },
  }
}

export type StoredItems = ReturnType<typeof storedItems>
