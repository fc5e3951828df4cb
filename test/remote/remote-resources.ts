import { setTimeout } from 'node:timers/promises'
import {
  DeleteTableCommand,
  DynamoDBClient,
  paginateListTables,
  ResourceInUseException,
  ResourceNotFoundException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'
import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  EventBridgeClient,
  ListEventBusesCommand,
} from '@aws-sdk/client-eventbridge'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListBucketsCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3'
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  type Filter,
  paginateListSecrets,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { newAccessKey } from '../../shared/adapters/access-key-store.ts'
import { HEALTH_KEY, REGISTRY_KEY, TASKS_KEY } from '../../shared/contract/table-keys.ts'
import { finishAll, throwFailures } from '../../shared/domain/failure/combined-failure.ts'
import { createTable, type TableShape } from '../support/table-database.ts'

const MOST_SECONDS = 180

/** The names of what a run makes, secrets of tokens apart. */
export const namesIn = (run: string) => ({
  tasks: `${run}-tasks`,
  registry: `${run}-registry`,
  healthEvents: `${run}-health-events`,
  bucket: `${run}-lake`,
  bus: `${run}-bus`,
  accessKey: `${run}/access-key`,
})

const clients = () => ({
  dynamo: new DynamoDBClient({}),
  s3: new S3Client({}),
  secrets: new SecretsManagerClient({}),
  events: new EventBridgeClient({}),
})

type Clients = ReturnType<typeof clients>

async function withClients<T>(work: (all: Clients) => Promise<T>): Promise<T> {
  const all = clients()
  try {
    return await work(all)
  } finally {
    for (const client of Object.values(all)) client.destroy()
  }
}

async function makeTable({ dynamo }: Clients, name: string, shape: TableShape): Promise<void> {
  await dynamo.send(createTable(name, shape))
  await waitUntilTableExists(
    { client: dynamo, minDelay: 1, maxDelay: 5, maxWaitTime: MOST_SECONDS },
    { TableName: name },
  )
}

/** In us-east-1 a bucket must not name its place, elsewhere it must. */
async function makeBucket({ s3 }: Clients, Bucket: string): Promise<void> {
  const region = await s3.config.region()
  const place = { CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' } }
  await s3.send(new CreateBucketCommand({ Bucket, ...(region !== 'us-east-1' && place) }))
}

/** Makes what the suites of a run need. It may throw when some of it exists already: remove the run all the same. */
export const makeResources = (run: string): Promise<void> =>
  withClients(async all => {
    const names = namesIn(run)
    await finishAll([
      makeTable(all, names.tasks, { ...TASKS_KEY, partitionType: 'N' }),
      makeTable(all, names.registry, { ...REGISTRY_KEY, partitionType: 'S' }),
      makeTable(all, names.healthEvents, { ...HEALTH_KEY, partitionType: 'S' }),
      makeBucket(all, names.bucket),
      all.events.send(new CreateEventBusCommand({ Name: names.bus })),
      all.secrets.send(
        new CreateSecretCommand({ Name: names.accessKey, SecretString: JSON.stringify(newAccessKey()) }),
      ),
    ])
  })

interface Found {
  readonly name: string
  readonly remove: () => Promise<unknown>
}

/** A table that is being made or deleted is in use. Asks for its deletion until it is gone. */
async function removeTable(client: DynamoDBClient, TableName: string): Promise<void> {
  for (let seconds = 0; seconds < MOST_SECONDS; seconds++) {
    const error = await client.send(new DeleteTableCommand({ TableName })).catch((thrown: Error) => thrown)
    if (error instanceof ResourceNotFoundException) return
    if (error instanceof Error && !(error instanceof ResourceInUseException)) throw error
    await setTimeout(1000)
  }
  throw new Error(`the table ${TableName} is still there after ${MOST_SECONDS} seconds`)
}

async function tablesFound({ dynamo }: Clients): Promise<Found[]> {
  const found: string[] = []
  for await (const { TableNames = [] } of paginateListTables({ client: dynamo }, {}))
    found.push(...TableNames)
  return found.map(name => ({ name, remove: () => removeTable(dynamo, name) }))
}

async function emptyBucket({ s3 }: Clients, Bucket: string): Promise<void> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    const Objects = Contents.map(({ Key }) => ({ Key }))
    if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
  }
}

async function bucketsFound(all: Clients, prefix: string): Promise<Found[]> {
  const { Buckets = [] } = await all.s3.send(new ListBucketsCommand({ Prefix: prefix }))
  return Buckets.map(({ Name = '' }) => ({
    name: Name,
    async remove() {
      await emptyBucket(all, Name)
      await all.s3.send(new DeleteBucketCommand({ Bucket: Name }))
    },
  }))
}

async function busesFound({ events }: Clients, prefix: string): Promise<Found[]> {
  const { EventBuses = [] } = await events.send(new ListEventBusesCommand({ NamePrefix: prefix }))
  return EventBuses.map(({ Name = '' }) => ({
    name: Name,
    remove: () => events.send(new DeleteEventBusCommand({ Name })),
  }))
}

async function secretsFound({ secrets }: Clients, prefix: string): Promise<Found[]> {
  const found: string[] = []
  const Filters: Filter[] = [{ Key: 'name', Values: [prefix] }]
  for await (const { SecretList = [] } of paginateListSecrets({ client: secrets }, { Filters })) {
    found.push(...SecretList.map(({ Name = '' }) => Name))
  }
  return found.map(name => ({
    name,
    remove: () => secrets.send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true })),
  }))
}

/** Whatever else begins with the prefix is somebody else's. */
function isOfRun(name: string, { prefix, runId }: Runs): boolean {
  const [, id] = /^-([0-9a-f]{12})[-/]/.exec(name.startsWith(prefix) ? name.slice(prefix.length) : '') ?? []
  return id !== undefined && (runId === undefined || id === runId)
}

export interface Runs {
  readonly prefix: string
  /** @default - all runs with this prefix */
  readonly runId?: string
}

/**
 * Removes all that a run has made, or that earlier runs have left behind. Returns the names. It goes on when something
 * cannot be removed, and throws one error afterwards.
 */
export const removeResources = (runs: Runs): Promise<readonly string[]> =>
  withClients(async all => {
    const lists = await Promise.allSettled([
      tablesFound(all),
      bucketsFound(all, runs.prefix),
      busesFound(all, runs.prefix),
      secretsFound(all, runs.prefix),
    ])
    const found = lists.flatMap(list => (list.status === 'fulfilled' ? list.value : []))
    const ours = found.filter(({ name }) => isOfRun(name, runs))
    const ends = await Promise.allSettled(ours.map(({ remove }) => remove()))
    throwFailures([...lists, ...ends])
    return ours.map(({ name }) => name).toSorted()
  })
