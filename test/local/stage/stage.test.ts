import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { LogLine } from 'aws-emulator'
import { expect, onTestFinished, test } from 'vitest'
import { startAccount } from '../../../infra/local/account/account.ts'
import { register } from '../../../infra/local/registration.ts'
import { readRunReport } from '../../../infra/local/run-totals.ts'
import { type Stage, type StageNotice, type StageOptions, startStage } from '../../../infra/local/stage.ts'
import { API_NAMES } from '../../../shared/contract/apis.ts'
import { COLLECT_TIMEOUT_SECONDS, LEASE_MARGIN_MS } from '../../../shared/contract/timing.ts'
import { temporaryFolder } from '../../support/folders.ts'

const ACCESS_KEY = { accessId: 'me', accessKey: 'my-own-key' }

async function aStage(options: Partial<StageOptions> & { dataDir: string }) {
  const lines: LogLine[] = []
  const notices: StageNotice[] = []
  const stage: Stage = await startStage({
    schedule: false,
    onLog: line => lines.push(line),
    onNotice: notice => notices.push(notice),
    ...options,
  })
  onTestFinished(() => stage.close())
  return { stage, notices, reports: () => lines.flatMap(line => readRunReport(line) ?? []) }
}

test('releases everything if it cannot start', async () => {
  const dataDir = temporaryFolder()
  await expect(startStage({ dataDir, assemblyFolder: join(dataDir, 'no-assembly') })).rejects.toThrow()
  expect(existsSync(join(dataDir, 'lock'))).toBe(false)
})

test('ends without a run that outlasts the grace period, and the next stage collects the task again', async () => {
  const dataDir = temporaryFolder()
  const first = await aStage({ dataDir, accessKey: ACCESS_KEY })
  let clock = first.stage.clock
  const account = await startAccount({ seed: 1, days: 1, clock: { now: () => clock.now() } })
  onTestFinished(() => account.close())
  account.setMode('hang')

  expect((await fetch(`${first.stage.url}/api/v1/collectors/1`)).status).toBe(401)
  expect(first.stage.accessKey).toEqual(ACCESS_KEY)
  const keyFile = join(dataDir, 'access-key.json')
  expect(JSON.parse(readFileSync(keyFile, 'utf8'))).toEqual(ACCESS_KEY)
  expect(statSync(keyFile).mode & 0o777).toBe(0o600)
  const { url: baseUrl, token } = account
  const registered = {
    sourceName: 'S',
    description: '',
    baseUrl,
    token,
    apis: API_NAMES,
    close: async () => {},
  }
  await register(first.stage, dataDir, registered)
  await expect.poll(() => account.requests.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(3)

  await expect(startStage({ dataDir })).rejects.toThrow(`in use by process ${process.pid}`)
  const beganMs = performance.now()
  await first.stage.close({ graceMs: 100 })
  expect(performance.now() - beganMs).toBeLessThan(5000)
  expect(first.reports()).toEqual([])
  expect(first.notices).toEqual([])

  account.setMode('ok')
  const second = await aStage({ dataDir })
  clock = second.stage.clock
  expect(second.stage.accessKey).toEqual(ACCESS_KEY)
  expect(second.stage.passedMs).toBeGreaterThan(COLLECT_TIMEOUT_SECONDS * 1000 + LEASE_MARGIN_MS - 10_000)
  second.stage.tick()
  await second.stage.idle()
  expect(
    second
      .reports()
      .map(({ api, outcome }) => [api, outcome])
      .toSorted(),
  ).toEqual(API_NAMES.map(api => [api, 'drained']).toSorted())
})
