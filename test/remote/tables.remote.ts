import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll } from 'vitest'
import { healthEventsTable } from '../../shared/adapters/health-events-table.ts'
import { registryTable } from '../../shared/adapters/registry-table.ts'
import { systemClock, systemRandom } from '../../shared/adapters/system.ts'
import { tasksTable } from '../../shared/adapters/tasks-table.ts'
import { episodesContract } from '../contract/episodes-contract.ts'
import { healthEventsContract } from '../contract/health-events-contract.ts'
import { namesContract } from '../contract/names-contract.ts'
import { registryContract } from '../contract/registry-contract.ts'
import { scanContract } from '../contract/scan-contract.ts'
import { tasksContract } from '../contract/tasks-contract.ts'
import { remoteRun } from './remote-run.ts'

const { names, settings } = remoteRun()
const client = new DynamoDBClient(settings)
afterAll(() => client.destroy())

const WHERE = 'in an account'
const SYSTEM = { clock: systemClock, random: systemRandom }

tasksContract(WHERE, async () => tasksTable(client, names.tasks))
episodesContract(WHERE, async () => tasksTable(client, names.tasks))
scanContract(WHERE, async () => tasksTable(client, names.tasks))
registryContract(WHERE, async () => registryTable(client, names.registry, SYSTEM))
namesContract(WHERE, async () => registryTable(client, names.registry, SYSTEM))
healthEventsContract(WHERE, async () => healthEventsTable(client, names.healthEvents))
