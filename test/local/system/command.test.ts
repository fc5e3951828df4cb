import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { API_NAMES, APIS } from '../../../shared/contract/apis.ts'
import { temporaryFolder } from '../../support/folders.ts'

const MAIN = join(import.meta.dirname, '..', '..', '..', 'infra', 'local', 'main.ts')

/** `npm start` with these options. */
function aCommand(options: readonly string[]) {
  const { OP_EVENTS_TOKEN: _, ...env } = process.env
  const child = spawn(process.execPath, [MAIN, '--port', '0', ...options], { env })
  onTestFinished(() => void child.kill('SIGKILL'))
  const printed = { text: '' }
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', chunk => {
      printed.text += chunk
    })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const says = (text: string) =>
    expect.poll(() => printed.text, { timeout: 60_000, interval: 5 }).toContain(text)
  return { child, printed, ended, says }
}

test('--once collects to the end what an earlier stage, killed during its runs, had leased', async () => {
  const dataDir = join(temporaryFolder(), 'data')
  const first = aCommand(['--once', '--data', dataDir])
  await first.says('Registered its source.')
  first.child.kill('SIGKILL')
  expect(await first.ended).toBeNull()
  expect(first.printed.text).not.toContain('tick ended')

  const second = aCommand(['--once', '--data', dataDir])
  expect(await second.ended, second.printed.text).toBe(0)
  expect(second.printed.text).toMatch(/unfinished: virtual time jumps \dm \d+s ahead, past their leases/)
  for (const api of API_NAMES) expect(second.printed.text).toContain(APIS[api].title)

  const third = aCommand(['--once', '--data', dataDir])
  expect(await third.ended, third.printed.text).toBe(0)
  expect(third.printed.text).not.toContain('jumps')
}, 120_000)

test('--once says on Ctrl-C that it ends, and lets runs in flight finish', async () => {
  const command = aCommand(['--once', '--data', join(temporaryFolder(), 'data')])
  await command.says('Registered its source.')
  command.child.kill('SIGINT')
  expect(await command.ended, command.printed.text).toBe(130)
  expect(command.printed.text).toContain('Ending: runs in flight get 10 seconds to finish')
}, 120_000)

test('works a thousand times faster than real time', async () => {
  const command = aCommand(['--once', '--speed', '1000', '--data', join(temporaryFolder(), 'data')])
  expect(await command.ended, command.printed.text).toBe(0)
  expect(command.printed.text).toContain('0 failures, 0 dead letters')
}, 120_000)

test('starts nothing when a file of events cannot be read', async () => {
  const dataDir = join(temporaryFolder(), 'data')
  const command = aCommand(['--data', dataDir, '--events', join(dataDir, 'missing.json')])
  expect(await command.ended).toBe(2)
  expect(command.printed.text).toContain('there is no such file')
  expect(existsSync(dataDir)).toBe(false)
})
