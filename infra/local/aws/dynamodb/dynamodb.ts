import { jsonFailure, jsonInput, operationName } from '../gateway/json-protocol.ts'
import type { Answer, Service } from '../gateway/service.ts'
import type { Deployment } from '../template/model.ts'
import { type Engine, startEngine } from './engine.ts'
import { findNeeds } from './request.ts'
import { ensureTable } from './tables.ts'

interface DynamoDbOptions {
  /** Holds the tables. */
  readonly folder: string
  /** Whether every answer contains the consumed capacity. */
  readonly metered: boolean
}

/** Starts DynamoDB, which is dynalite, with the tables of the deployment. */
export async function startDynamoDb(
  deployment: Deployment,
  { folder, metered }: DynamoDbOptions,
): Promise<Service> {
  const engine = await startEngine(folder)
  for (const table of deployment.tables) await ensureTable(engine, table)
  return {
    name: 'dynamodb',
    operation(call) {
      const name = operationName(call)
      const needs = findNeeds(name, jsonInput(call), deployment)
      return {
        name,
        needs,
        perform: () => forward(engine, name, metered ? meteredRequest(call.body) : call.body),
      }
    },
    failure: jsonFailure,
    close: () => engine.close(),
  }
}

const meteredRequest = (body: Buffer): Buffer =>
  Buffer.from(JSON.stringify({ ...JSON.parse(body.toString('utf8')), ReturnConsumedCapacity: 'TOTAL' }))

async function forward(engine: Engine, name: string, request: Buffer): Promise<Answer> {
  const { status, body } = await engine.send(name, request)
  return { status, body, headers: { 'content-type': 'application/x-amz-json-1.0' } }
}
