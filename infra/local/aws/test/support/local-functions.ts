import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createClock, type VirtualClock } from '../../clock/clock.ts'
import { createFunctionPool, type FunctionPool } from '../../lambda/function-pool.ts'
import type { Deployment, FunctionResource, RuleResource } from '../../template/model.ts'

/** A folder that goes away with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stage-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A bundle of one file: the body of `async (event, context) => { … }`. */
export function writeBundle(body: string): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'index.mjs'), `export const handler = async (event, context) => {\n${body}\n}\n`)
  return folder
}

export const aFunction = (given: Partial<FunctionResource> = {}): FunctionResource => ({
  logicalId: 'WorkFunction12345678',
  name: 'Stack-WorkFunction12345678',
  arn: 'arn:aws:lambda:us-east-1:000000000000:function:Stack-WorkFunction12345678',
  roleArn: 'arn:aws:iam::000000000000:role/Stack-WorkRole',
  handler: 'index.handler',
  codeFolder: '/nowhere',
  environment: {},
  timeoutMs: 30_000,
  memoryMb: 128,
  asynchronous: { retryAttempts: 0, maxEventAgeMs: 300_000 },
  permissions: [],
  ...given,
})

export const aRule = (given: Partial<RuleResource> = {}): RuleResource => ({
  logicalId: 'Due',
  name: 'Stack-Due',
  arn: 'arn:aws:events:us-east-1:000000000000:rule/Stack-Bus/Stack-Due',
  busName: 'Stack-Bus',
  enabled: true,
  pattern: { source: ['test'] },
  targets: [],
  ...given,
})

const BUS_ARN = 'arn:aws:events:us-east-1:000000000000:event-bus/Stack-Bus'

export const aDeployment = (given: Partial<Deployment> = {}): Deployment => ({
  stackName: 'Stack',
  account: '000000000000',
  region: 'us-east-1',
  tables: [],
  buckets: [],
  secrets: [],
  queues: [],
  topics: [],
  logGroups: [],
  buses: [{ logicalId: 'Bus', name: 'Stack-Bus', arn: BUS_ARN }],
  rules: [],
  roles: [],
  functions: [],
  stateMachines: [],
  urls: [],
  outputs: {},
  ...given,
})

interface TestPool {
  readonly pool: FunctionPool
  readonly clock: VirtualClock
  /** What the function printed. */
  readonly output: { readonly text: string; readonly requestId: string | undefined }[]
}

/** A function's pool on a clock of its own; closed with the test. */
export function aPool(
  given: Partial<FunctionResource>,
  {
    environment = {},
    clock = createClock(),
  }: { environment?: Record<string, string>; clock?: VirtualClock } = {},
): TestPool {
  const output: TestPool['output'] = []
  const onOutput = (text: string, requestId: string | undefined) => void output.push({ text, requestId })
  const pool = createFunctionPool({ resource: aFunction(given), environment, clock, onOutput })
  onTestFinished(() => pool.close())
  return { pool, clock, output }
}
