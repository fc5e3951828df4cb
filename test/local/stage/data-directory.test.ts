import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createClock } from '../../../infra/local/clock.ts'
import { lockDataDirectory } from '../../../infra/local/data-directory-lock.ts'
import { createFunctionLogs, type LogLine } from '../../../infra/local/function-logs.ts'
import { readJson, writeJson } from '../../../infra/local/json-file.ts'
import { resumeClock, saveClock } from '../../../infra/local/saved-clock.ts'
import { temporaryFolder } from '../../support/local-functions.ts'

test('keeps a second stage out until the first is done', () => {
  const dataDir = join(temporaryFolder(), 'deep', 'inside')
  const lock = lockDataDirectory(dataDir)
  expect(() => lockDataDirectory(dataDir)).toThrow(
    `${dataDir} is in use by process ${process.pid}: stop it, or use another --data.`,
  )
  lock.release()
  lockDataDirectory(dataDir).release()
})

test('takes over the lock of a process that died', async () => {
  const dataDir = temporaryFolder()
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  writeFileSync(join(dataDir, 'lock'), JSON.stringify({ pid: child.pid }))
  lockDataDirectory(dataDir).release()
})

test('takes over the lock of an earlier process with the number of one that lives', () => {
  const dataDir = temporaryFolder()
  writeFileSync(join(dataDir, 'lock'), JSON.stringify({ pid: process.pid, started: '1' }))
  lockDataDirectory(dataDir).release()
})

test('virtual time never falls behind what the directory has seen', () => {
  const dataDir = temporaryFolder()
  const ahead = createClock()
  ahead.advance(86_400_000)
  saveClock(dataDir, ahead)
  expect(resumeClock(dataDir, 1).now()).toBeGreaterThanOrEqual(Date.now() + 86_000_000)
  writeJson(join(dataDir, 'clock.json'), { virtualMs: 0 })
  expect(Math.abs(resumeClock(dataDir, 1).now() - Date.now())).toBeLessThan(1000)
})

test('writes files for their owner alone and names one that is broken', () => {
  const file = join(temporaryFolder(), 'kept.json')
  expect(readJson(file)).toBeUndefined()
  writeJson(file, { a: 1 })
  expect(readJson(file)).toEqual({ a: 1 })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  writeFileSync(file, '{"a":')
  expect(() => readJson(file)).toThrow(`${file} is no JSON`)
})

test('logs lines of JSON as printed and wraps all others, whatever pieces they come in', () => {
  const dataDir = temporaryFolder()
  const seen: LogLine[] = []
  const logs = createFunctionLogs({
    dataDir,
    clock: createClock({ startMs: 0 }),
    onLog: line => seen.push(line),
  })
  logs.write('work', '{"level":"INFO",  "n":1.0}\n{"half":', 'one')
  logs.write('work', 'plain text\n', 'two')
  logs.write('work', 'true}\n', 'one')
  const lines = readFileSync(join(dataDir, 'logs', 'work.jsonl'), 'utf8')
    .trim()
    .split('\n')
  expect(lines[0]).toBe('{"level":"INFO",  "n":1.0}')
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ level: 'INFO', requestId: 'two', message: 'plain text' })
  expect(lines[2]).toBe('{"half":true}')
  expect(seen.map(({ requestId }) => requestId)).toEqual(['one', 'two', 'one'])
  expect(seen[2]?.record).toEqual({ half: true })
})
