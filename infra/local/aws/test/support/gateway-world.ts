import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { EventEnvelope } from '../../events/put-events.ts'
import { type Gateway, type GatewayOptions, startGateway } from '../../gateway/gateway.ts'
import { FUNCTION_NAME, ROLE_ARN, sampleDeployment } from './sample-deployment.ts'

interface GatewayWorld {
  readonly gateway: Gateway
  readonly dataDir: string
  readonly events: { readonly busName: string; readonly envelopes: readonly EventEnvelope[] }[]
  readonly logged: string[]
}

const VARIABLES = [
  'AWS_ENDPOINT_URL',
  'AWS_REGION',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
] as const

export const CLOCK = { now: () => Date.now() }

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gateway-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A gateway for the running test. Clients made with `new XClient({})` speak to it as the function would. */
export async function openGateway(options: Partial<GatewayOptions> = {}): Promise<GatewayWorld> {
  const dataDir = options.dataDir ?? (await temporaryFolder())
  const events: GatewayWorld['events'] = []
  const logged: string[] = []
  const gateway = await startGateway({
    deployment: sampleDeployment(),
    clock: CLOCK,
    putEvents: (busName, envelopes) => void events.push({ busName, envelopes }),
    log: message => logged.push(message),
    ...options,
    dataDir,
  })
  onTestFinished(() => gateway.close().catch(() => undefined))
  setEnvironment(gateway)
  return { gateway, dataDir, events, logged }
}

function setEnvironment(gateway: Gateway): void {
  const { accessKeyId, secretAccessKey, sessionToken } = gateway.credentials(ROLE_ARN, FUNCTION_NAME)
  const values = [gateway.url, 'us-east-1', accessKeyId, secretAccessKey, sessionToken]
  for (const [index, name] of VARIABLES.entries()) process.env[name] = values[index]
}
