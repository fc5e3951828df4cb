import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../support/folders.ts'
import { startLambda } from './lambda-process.ts'

const ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:probe'

/** A function with this module as its bundle. */
async function started(module: string, env: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'index.mjs'), module)
  const lambda = await startLambda(
    {
      name: 'probe',
      arn: ARN,
      folder,
      handler: 'index.handler',
      timeoutMs: 5_000,
      memoryMb: 512,
      environment: env,
    },
    env,
  )
  onTestFinished(() => lambda.stop())
  return lambda
}

describe('a bundle in a process of its own', () => {
  it('has the given environment and nothing else', async () => {
    const env = { TASKS_TABLE: 'tasks', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }
    const probe = await started('export const handler = async () => process.env', env)
    expect(await probe.invoke({})).toEqual(env)
  })

  it('is initialized once and answers one event after the other', async () => {
    const probe = await started('let n = 0; export const handler = async ({ add }) => (n += add)')
    expect(await Promise.all([1, 2, 3].map(add => probe.invoke({ add })))).toEqual([1, 3, 6])
  })

  it('gets the id of the invocation and the time that is left', async () => {
    const probe = await started(
      'export const handler = async (event, { functionName, awsRequestId, getRemainingTimeInMillis }) =>' +
        ' ({ functionName, awsRequestId, left: getRemainingTimeInMillis() })',
    )
    const told = (await probe.invoke({})) as { left: number }
    expect(told).toMatchObject({ functionName: 'probe', awsRequestId: expect.stringMatching(/^[\w-]{36}$/) })
    expect(told.left).toBeGreaterThan(4_000)
    expect(told.left).toBeLessThanOrEqual(5_000)
  })

  it('continues after an event that failed', async () => {
    const probe = await started(
      'export const handler = async ({ bad }) => { if (bad) throw new TypeError("no"); return "yes" }',
    )
    await expect(probe.invoke({ bad: true })).rejects.toMatchObject({ name: 'TypeError', message: 'no' })
    expect(await probe.invoke({})).toBe('yes')
  })

  it('fails an invocation that ends its process', async () => {
    const probe = await started('export const handler = async () => process.exit(3)')
    await expect(probe.invoke({})).rejects.toThrow('Runtime exited with status 3')
    await expect(probe.invoke({})).rejects.toThrow('Runtime exited')
  })

  it.each([
    ['throws', 'throw new RangeError("no table")', 'RangeError: no table'],
    ['exports no handler', 'export const other = 1', 'index.handler is undefined or not exported'],
    ['has a handler with a callback', 'export const handler = (a, b, c) => c()', 'takes a callback'],
  ])('does not start if its module %s', async (_, module, message) => {
    await expect(started(module)).rejects.toThrow(new RegExp(message.split(': ').at(-1) ?? ''))
  })
})
