import { join } from 'node:path'
import { synthesize } from '../../infra/local/synthesize.ts'
import { CREDENTIALS, type Emulator, startEmulator } from './emulator/endpoint.ts'
import { type LambdaProcess, startLambda } from './lambda-process.ts'
import { type DeployedFunction, stackResources } from './stack-resources.ts'

/** Region and account differ from those of the local stage, so that a value of the local stage would be noticed. */
export const REGION = 'eu-central-1'
const PLACE = { region: REGION, account: '123456789012' }

const OUT_DIR = join(import.meta.dirname, '../../.assembly')

/** The template must allow collecting from an account on this machine. */
const CONTEXT = { allowedHosts: 'http://127.0.0.1' }

export interface OtherSurroundings {
  readonly environment?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
}

export interface DeployedSystem {
  readonly emulator: Emulator
  readonly functions: readonly DeployedFunction[]
  /**
   * Starts a process of the function with nothing but the template's variables, credentials, region and endpoint, and
   * with what `other` gives beside or in place of them.
   */
  start(name: string, other?: OtherSurroundings): Promise<LambdaProcess>
  /** Names of the functions that an event of the bus goes to. */
  listeners: ReturnType<typeof stackResources>['listeners']
  close(): Promise<void>
}

/**
 * Starts the bundles that would be deployed, and an emulator of the services that they call. `keepsBodies`: false for
 * more objects than fit into memory.
 */
export async function startDeployedSystem({ keepsBodies = true } = {}): Promise<DeployedSystem> {
  const resources = stackResources(await synthesize({ outDir: OUT_DIR, context: CONTEXT }), PLACE)
  const emulator = await startEmulator(resources, { ...PLACE, keepsBodies })
  const started: LambdaProcess[] = []
  const surroundings = { ...CREDENTIALS, AWS_REGION: PLACE.region, AWS_ENDPOINT_URL: emulator.url }
  return {
    emulator,
    functions: resources.functions,
    listeners: resources.listeners,
    async start(name, { environment = {}, timeoutMs } = {}) {
      const deployed = resources.functions.find(each => each.name === name)
      if (!deployed) throw new Error(`the template has no function ${name}`)
      const limited = { ...deployed, timeoutMs: timeoutMs ?? deployed.timeoutMs }
      const lambda = await startLambda(limited, { ...deployed.environment, ...surroundings, ...environment })
      started.push(lambda)
      return lambda
    },
    async close() {
      await Promise.all(started.map(lambda => lambda.stop()))
      await emulator.close()
    },
  }
}
