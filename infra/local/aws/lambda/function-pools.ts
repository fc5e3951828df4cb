import type { VirtualClock } from '../clock/clock.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Deployment, FunctionResource } from '../template/model.ts'
import { createFunctionEnvironment } from './environment.ts'
import type { FunctionLogs } from './function-logs.ts'
import { createFunctionPool, type FunctionPool } from './function-pool.ts'

/** The functions of a deployment, by ARN. */
export type FunctionPools = Map<string, FunctionPool>

interface PoolsParts {
  readonly deployment: Deployment
  readonly clock: VirtualClock
  readonly pools: FunctionPools
  readonly gateway: Gateway
  readonly logs: FunctionLogs
}

/** Adds a pool for every function. No thread starts yet. */
export function fillPools(parts: PoolsParts): void {
  const { deployment, clock, pools, gateway, logs } = parts
  for (const resource of deployment.functions) {
    const credentials = gateway.credentials(resource.roleArn, resource.name)
    const { region } = deployment
    const environment = createFunctionEnvironment({ resource, region, endpoint: gateway.url, credentials })
    const onOutput = (text: string, requestId?: string): void =>
      logs.write(friendlyName(resource), text, requestId)
    pools.set(resource.arn, createFunctionPool({ resource, environment, clock, onOutput }))
  }
}

/** Ends every thread, even during an invocation. */
export const closePools = async (pools: FunctionPools): Promise<void> => {
  await Promise.all([...pools.values()].map(pool => pool.close()))
}

/** Throws if there is no such function. */
export function getPool(pools: ReadonlyMap<string, FunctionPool>, functionArn: string): FunctionPool {
  const pool = pools.get(functionArn)
  if (!pool) throw new Error(`${functionArn} is no function of the template.`)
  return pool
}

/** Returns a name for people, made of the construct's name: `CollectFunction02542C7F` → `collect`. */
export const friendlyName = ({ logicalId }: Pick<FunctionResource, 'logicalId'>): string => {
  const construct = logicalId.replace(/[0-9A-F]{8}$/, '').replace(/(?<=.)Function$/, '')
  return construct.charAt(0).toLowerCase() + construct.slice(1)
}

/**
 * Finds a function by its friendly name, logical id or name. If there is none, throws an error that lists all
 * functions.
 */
export function findFunction(functions: readonly FunctionResource[], name: string): FunctionResource {
  const found = functions.find(each => [friendlyName(each), each.logicalId, each.name].includes(name))
  if (found) return found
  throw new Error(`There is no function ${name}; there are ${functions.map(friendlyName).join(', ')}.`)
}
