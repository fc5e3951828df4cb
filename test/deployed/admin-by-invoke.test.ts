import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBlocks, readText } from '../docs/guide.ts'
import { type DeployedSystem, REGION, startDeployedSystem } from './deployed-system.ts'
import { CREDENTIALS } from './emulator/endpoint.ts'
import { type LambdaProcess, startLambda } from './lambda-process.ts'

const scratch = mkdtempSync(join(tmpdir(), 'admin-by-invoke-'))
const blocks = readBlocks(readText('docs/deploy.md')).filter(({ language }) => language === 'sh')

const blockWith = (text: string): string => blocks.find(block => block.text.includes(text))?.text ?? ''

/** A program that replaces the AWS CLI: it keeps the payload, and returns the answer of the test. */
const AWS = `
output() { echo "$1"; }
aws() {
  [ "$1 $2 $3 $4 $5 $6" = 'lambda invoke --function-name AdminFunctionName --payload fileb:///dev/stdin' ] || return 1
  cat > payload.json
  cp made.json "$7"
}`

const run = promisify(execFile)

async function shell(script: string, AUTH: string): Promise<string> {
  const whole = [AWS, blockWith('admin() {'), script].join('\n')
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', whole], {
    cwd: scratch,
    env: { ...process.env, AUTH },
  })
  return stdout.trim()
}

let system: DeployedSystem
let withKey: LambdaProcess
let withIam: LambdaProcess

beforeAll(async () => {
  system = await startDeployedSystem()
  withKey = await system.start('admin')
  const deployed = system.functions.find(({ name }) => name === 'admin')
  if (!deployed) throw new Error('the template has no function admin')
  withIam = await startLambda(deployed, {
    ...deployed.environment,
    ...CREDENTIALS,
    ADMIN_AUTH: 'iam',
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL: system.emulator.url,
  })
}, 120_000)
afterAll(async () => {
  await withIam.stop()
  await system.close()
  rmSync(scratch, { recursive: true, force: true })
})

function accessKey(): string {
  const [secret] = [...system.emulator.secrets.values()]
  const { accessId, accessKey: key } = JSON.parse(secret?.versions.get(secret.current) ?? '{}')
  return `${accessId}:${key}`
}

/** Returns what the guide's command prints when Lambda executes it. */
async function carriedOut(lambda: LambdaProcess, command: string, auth = accessKey()): Promise<string> {
  writeFileSync(join(scratch, 'made.json'), '{"statusCode":0,"body":""}')
  await shell(command, auth)
  const answer = await lambda.invoke(JSON.parse(readFileSync(join(scratch, 'payload.json'), 'utf8')))
  writeFileSync(join(scratch, 'made.json'), JSON.stringify(answer))
  return shell(command, auth)
}

describe('the management API without an address', () => {
  const [create = '', list = ''] = blockWith('admin POST').trim().split('\n')

  it('is called as the guide says, with the access key', async () => {
    expect(await carriedOut(withKey, create)).toMatch(/^201 \{"collector":\{.*"name":"Security"/)
    expect(await carriedOut(withKey, list)).toMatch(/^200 \{"collectors":\[\{.*"name":"Security"/)
  })

  it('reads the query', async () => {
    expect(await carriedOut(withKey, list.replace('limit=10', 'limit=none'))).toMatch(/^400 /)
  })

  it('refuses a wrong key', async () => {
    expect(await carriedOut(withKey, list, 'op1:wrong')).toMatch(/^401 /)
  })

  it('asks for no key with iam', async () => {
    expect(await carriedOut(withIam, list, '')).toMatch(/^200 \{"collectors":/)
  })
})
