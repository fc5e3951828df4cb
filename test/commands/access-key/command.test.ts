import { execFile } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createClock } from 'aws-emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessKeyFile, readOwnerAccess } from '../../../infra/local/owner-access.ts'
import { type Stage, startStage } from '../../../infra/local/stage.ts'
import type { AccessKey } from '../../../shared/domain/source/access-key.ts'
import { filesBelow, temporaryDirectory } from '../../support/folders.ts'

const MAIN = join(import.meta.dirname, '../../../infra/commands/access-key/main.ts')
const HOUR_MS = 3600_000
const KEY = /\b[A-Za-z0-9]{48}\b/

const directory = temporaryDirectory()
const dataDir = directory.path
const clock = createClock()
let stage: Stage

const start = () => startStage({ dataDir, clock, schedule: false })

beforeAll(async () => {
  stage = await start()
}, 60_000)

afterAll(async () => {
  await stage.close()
  directory.remove()
})

/** Runs the command as npm does. Returns what it printed, and its exit code. */
async function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const env = { PATH: process.env['PATH'], ...environment }
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [MAIN, ...args], { env })
    return { code: 0, stdout, stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, stdout, stderr }
  }
}

const here = ['--data', dataDir]

const keyInFile = (): AccessKey => JSON.parse(readFileSync(accessKeyFile(dataDir), 'utf8'))

async function statusWith({ accessId, accessKey }: AccessKey): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${accessId}:${accessKey}`).toString('base64')}`
  return (await fetch(`${stage.url}/api/v1/collectors/1`, { headers: { authorization } })).status
}

/** The key is accepted, but there is no such collector. */
const KNOWN = 404

describe('a rotation while the stage runs', () => {
  it('makes a new key at once, keeps the old one for the given hours, and prints neither', async () => {
    const old = keyInFile()
    expect(await statusWith(old)).toBe(KNOWN)
    const { code, stdout, stderr } = await run(['rotate', '--keep-old', '2', ...here])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).not.toMatch(KEY)
    const fresh = keyInFile()
    expect(fresh).toEqual({
      accessId: expect.stringMatching(/^op[0-9a-f]{8}$/),
      accessKey: expect.stringMatching(/^[A-Za-z0-9]{48}$/),
    })
    expect(fresh.accessKey).not.toBe(old.accessKey)
    expect(stdout).toContain(`New access id  ${fresh.accessId}`)
    expect(stdout).toContain(`Old access id  ${old.accessId}, valid until `)
    expect(stdout).toContain(`The new key is in ${accessKeyFile(dataDir)}.`)
    expect(statSync(accessKeyFile(dataDir)).mode & 0o777).toBe(0o600)

    clock.advance(5000)
    expect([await statusWith(fresh), await statusWith(old)]).toEqual([KNOWN, KNOWN])
    clock.advance(2 * HOUR_MS)
    expect([await statusWith(fresh), await statusWith(old)]).toEqual([KNOWN, 401])
  })

  it('uses the time of the stage, not of the machine', async () => {
    clock.advance(1000 * HOUR_MS)
    const { stdout } = await run(['rotate', ...here])
    const [, validUntil = ''] = /valid until (\S+)/.exec(stdout) ?? []
    expect(Math.abs(Date.parse(validUntil) - clock.now() - 24 * HOUR_MS)).toBeLessThan(60_000)
  })

  it('ends the old key at once with --keep-old 0, and names the older key that ended with it', async () => {
    await run(['rotate', ...here])
    const [{ accessId: before }, shown] = [keyInFile(), await run(['show', ...here])]
    const [, older = ''] = /^Old {6}(\S+),/m.exec(shown.stdout) ?? []
    const { stdout } = await run(['rotate', '--keep-old', '0', ...here])
    expect(stdout).toContain(`Old access id  ${before}, no longer valid`)
    expect(stdout).toContain(`Ended          ${older}`)
    expect((await run(['show', ...here])).stdout).not.toContain('Old')
  })

  it('works with the ARN of the secret too, as for a deployed stack', async () => {
    const owner = readOwnerAccess(dataDir)
    const arn = owner?.accessKeySecretArn ?? ''
    const environment = {
      AWS_ENDPOINT_URL: owner?.endpoint ?? '',
      AWS_ACCESS_KEY_ID: owner?.credentials.accessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: owner?.credentials.secretAccessKey ?? '',
      AWS_SESSION_TOKEN: owner?.credentials.sessionToken ?? '',
    }
    const { code, stdout } = await run(['rotate', '--secret', arn], environment)
    expect(code).toBe(0)
    expect(stdout).toContain(`in the secret ${arn}`)
    expect(stdout).not.toMatch(KEY)
    const revealed = await run(['show', '--reveal', '--secret', arn], environment)
    const [, accessId = '', accessKey = ''] = /^Current {2}(\S+) {2}(\S+)$/m.exec(revealed.stdout) ?? []
    expect(accessKey).toMatch(KEY)
    clock.advance(5000)
    expect(await statusWith({ accessId, accessKey })).toBe(KNOWN)
    const stranger = await run(['rotate', '--secret', arn], { ...environment, AWS_SESSION_TOKEN: 'x' })
    expect(stranger).toMatchObject({ code: 1, stderr: expect.stringContaining('security token') })
  })

  it('shows ids and validity, and the keys only when asked', async () => {
    await run(['rotate', ...here])
    const { accessId, accessKey } = keyInFile()
    const hidden = await run(['show', ...here])
    expect(hidden.stdout).toMatch(new RegExp(`^Current {2}${accessId}\nOld {6}op\\w+, valid until `))
    expect(hidden.stdout).not.toMatch(KEY)
    const revealed = await run(['show', '--reveal', ...here])
    expect(revealed.stdout).toContain(`Current  ${accessId}  ${accessKey}\n`)
  })
})

describe('a rotation while no stage runs', () => {
  it('is found by the next start, and the old key stays valid', async () => {
    await stage.close()
    const old = keyInFile()
    const { code, stdout } = await run(['rotate', '--keep-old', '1', ...here])
    expect(code).toBe(0)
    expect(stdout).not.toMatch(KEY)
    const fresh = keyInFile()
    expect(fresh).not.toEqual(old)
    stage = await start()
    expect(stage.accessKey).toEqual(fresh)
    expect([await statusWith(fresh), await statusWith(old)]).toEqual([KNOWN, KNOWN])
    clock.advance(HOUR_MS)
    expect([await statusWith(fresh), await statusWith(old)]).toEqual([KNOWN, 401])
  })

  it('writes keys into files of secrets only', () => {
    const key = keyInFile().accessKey
    const holders = filesBelow(dataDir).filter(file => readFileSync(file, 'latin1').includes(key))
    expect(holders.map(file => file.slice(dataDir.length + 1)).sort()).toEqual([
      'access-key.json',
      'secrets.json',
    ])
  })
})

describe('the command', () => {
  it('ends with 2 and names its help after a wrong command line', async () => {
    expect(await run(['turn'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'Say rotate or show, not turn.\n`npm run access-key -- --help` explains the options.\n',
    })
    expect(await run(['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--keep-old HOURS'),
    })
  })

  it('says that a directory has no stage, and creates none', async () => {
    const nowhere = join(dataDir, 'nowhere')
    const { code, stderr } = await run(['show', '--data', nowhere])
    expect(code).toBe(1)
    expect(stderr).toBe(`No local stage has been started in ${nowhere}: name another with --data.\n`)
    expect(existsSync(nowhere)).toBe(false)
  })
})
