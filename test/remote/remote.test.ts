import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createClient } from '../support/table-database.ts'
import { type Account, startAccount } from './account-endpoint.ts'

const RUN = 'opsource-test-0123456789ab'

let account: Account
beforeAll(async () => {
  account = await startAccount()
})
afterAll(() => account.close())

const BARE = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
  NO_COLOR: '1',
}
const READY = {
  REMOTE: '1',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'id',
  AWS_SECRET_ACCESS_KEY: 'key',
}

interface Command {
  readonly environment: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  /** Interrupts the command as soon as it has printed this. */
  readonly interruptAfter?: string
}

/** Runs the command that `npm run test:remote` runs. */
async function testRemote({ environment, args = [], interruptAfter }: Command) {
  const env = { ...BARE, AWS_ENDPOINT_URL: account.url, ...environment }
  const child = spawn(process.execPath, ['test/remote/main.ts', ...args], { env })
  let output = ''
  let isInterrupted = false
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (isInterrupted || interruptAfter === undefined || !output.includes(interruptAfter)) return
      isInterrupted = true
      child.kill('SIGINT')
    })
  }
  const [code] = await once(child, 'close')
  return { code, output }
}

async function tables(): Promise<readonly string[]> {
  const client = createClient(account.url)
  const { TableNames = [] } = await client.send(new ListTablesCommand({}))
  client.destroy()
  return TableNames
}

const everything = async () => [
  ...(await tables()),
  ...account.secrets,
  ...account.buses,
  ...account.buckets.keys(),
]

describe('the remote tests', () => {
  it.each([
    ['REMOTE', { ...READY, REMOTE: '0' }, 'set REMOTE=1'],
    ['a region', { ...READY, AWS_REGION: '' }, 'set AWS_REGION'],
    ['credentials', { REMOTE: '1', AWS_REGION: 'eu-west-1' }, 'there are no AWS credentials'],
    ['a long prefix', { ...READY, REMOTE_PREFIX: 'test' }, 'REMOTE_PREFIX must be'],
  ])('say in one line that they lack %s, and make nothing', async (_what, environment, line) => {
    const { code, output } = await testRemote({ environment })
    expect(code).toBe(2)
    expect(output).toMatch(/^test:remote: .*docs\/remote-tests\.md\n$/)
    expect(output).toContain(line)
    expect(await everything()).toEqual([])
  })
})

describe('the remote tests of an account', () => {
  beforeEach(() => {
    account.secrets.clear()
    account.buses.clear()
    account.buckets.clear()
  })

  it('make what they need, run the suites that are named, and remove it', async () => {
    const { code, output } = await testRemote({ environment: READY, args: ['bus'] })
    expect(output).toMatch(/8 passed/)
    expect(code).toBe(0)
    expect(output).toMatch(
      /Removed 6: (opsource-test-[0-9a-f]{12})-bus, \1-health-events, \1-lake, \1-registry/,
    )
    expect(await everything()).toEqual([])
    expect(account.unknown).toEqual([])
  })

  it('remove what they made when a suite fails', async () => {
    const { code, output } = await testRemote({ environment: READY, args: ['lake'] })
    expect(output).toMatch(/failed/)
    expect(code).toBe(1)
    expect(await everything()).toEqual([])
  })

  it('remove what they made when they cannot make all of it', async () => {
    account.unknown.length = 0
    const { code, output } = await testRemote({
      environment: { ...READY, AWS_ENDPOINT_URL_EVENTBRIDGE: 'http://127.0.0.1:9' },
    })
    expect(code).toBe(1)
    expect(output).toContain('ECONNREFUSED')
    expect(await everything()).toEqual([])
  })

  it('remove what they made when they are interrupted', async () => {
    const { code, output } = await testRemote({ environment: READY, interruptAfter: 'Made opsource-test' })
    expect(output).toContain('Interrupted: removing what was made')
    expect(code).toBe(130)
    expect(await everything()).toEqual([])
  })

  it('remove with --clean what killed runs have left, and nothing of anybody else', async () => {
    const others = [
      'opsource-test-bus',
      'opsource-testing-0123456789ab-bus',
      'opsource-test-0123456789ab',
      'opsource-test-0123456789abc-bus',
      `my-${RUN}-bus`,
    ]
    for (const name of [...others, `${RUN}-bus`]) account.buses.add(name)
    for (const name of [`${RUN}/access-key`, `${RUN}/3/source/1`]) account.secrets.add(name)
    account.buckets.set(`${RUN}-lake`, new Set(['events/one', 'cursors/two']))
    const { code, output } = await testRemote({ environment: READY, args: ['--clean'] })
    expect({ code, output }).toEqual({
      code: 0,
      output: `Removed 4: ${RUN}-bus, ${RUN}-lake, ${RUN}/3/source/1, ${RUN}/access-key\n`,
    })
    expect(await everything()).toEqual(others)
  })
})
