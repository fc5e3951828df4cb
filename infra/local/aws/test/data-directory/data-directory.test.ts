import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createClock } from '../../clock/clock.ts'
import { keepClock, resumeClock } from '../../clock/saved-clock.ts'
import { readJson, writeJson } from '../../data-directory/json-file.ts'
import { lockDataDirectory } from '../../data-directory/lock.ts'
import { createFunctionLogs, type LogLine } from '../../lambda/function-logs.ts'
import { temporaryFolder } from '../support/local-functions.ts'

test('keeps a second process out until the first has released the directory', () => {
  const dataDir = join(temporaryFolder(), 'deep', 'inside')
  const lock = lockDataDirectory(dataDir)
  expect(() => lockDataDirectory(dataDir)).toThrow(
    `${dataDir} is in use by process ${process.pid}: stop it, or use another --data.`,
  )
  lock.release()
  lockDataDirectory(dataDir).release()
})

test('creates a data directory that only its owner can read', () => {
  const dataDir = join(temporaryFolder(), 'inside')
  lockDataDirectory(dataDir).release()
  expect(statSync(dataDir).mode & 0o777).toBe(0o700)
})

test('takes over the lock of a process that died', async () => {
  const dataDir = temporaryFolder()
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  writeFileSync(join(dataDir, 'lock'), JSON.stringify({ pid: child.pid }))
  lockDataDirectory(dataDir).release()
})

test('takes over the lock of a dead process whose number a living process has', () => {
  const dataDir = temporaryFolder()
  writeFileSync(join(dataDir, 'lock'), JSON.stringify({ pid: process.pid, started: '1' }))
  lockDataDirectory(dataDir).release()
})

test('virtual time is never before the last time of the directory', () => {
  const dataDir = temporaryFolder()
  const ahead = createClock()
  ahead.advance(86_400_000)
  keepClock(dataDir, ahead).close()
  expect(resumeClock(dataDir, 1).now()).toBeGreaterThanOrEqual(Date.now() + 86_000_000)
  writeJson(join(dataDir, 'clock.json'), { virtualMs: 0 })
  expect(Math.abs(resumeClock(dataDir, 1).now() - Date.now())).toBeLessThan(1000)
})

const LEASE = { timeoutMs: 240_000, marginMs: 15_000 }
const LEASE_MS = LEASE.timeoutMs + LEASE.marginMs

/** The time that a directory keeps; undefined if it keeps none. */
const keptMs = (dataDir: string) => readJson<{ virtualMs: number }>(join(dataDir, 'clock.json'))?.virtualMs

test('saves the time every second, on request, and at the end', async () => {
  const dataDir = temporaryFolder()
  const clock = createClock({ speed: 1000 })
  const kept = keepClock(dataDir, clock, LEASE)
  onTestFinished(() => kept.close())
  const beganMs = keptMs(dataDir) ?? 0
  clock.advance(86_400_000)
  kept.save()
  expect(keptMs(dataDir)).toBeGreaterThanOrEqual(beganMs + 86_400_000)
  const savedMs = keptMs(dataDir) ?? 0
  await expect.poll(() => keptMs(dataDir), { timeout: 3000 }).toBeGreaterThan(savedMs + 500_000)
})

test('does not fail if the time cannot be saved once', () => {
  const dataDir = join(temporaryFolder(), 'inside')
  const lock = lockDataDirectory(dataDir)
  const kept = keepClock(dataDir, createClock())
  lock.release()
  rmSync(dataDir, { recursive: true })
  kept.save()
  expect(existsSync(dataDir)).toBe(false)
  lockDataDirectory(dataDir).release()
  kept.close()
})

test.each([
  ['was killed', () => {}],
  [
    'gave runs up',
    (kept: ReturnType<typeof keepClock>) => {
      kept.abandonRuns()
      kept.close()
    },
  ],
])('jumps once past the leases of an emulator that %s', (_, end) => {
  const dataDir = temporaryFolder()
  const first = createClock({ startMs: 1_000_000 })
  const kept = keepClock(dataDir, first, LEASE)
  onTestFinished(() => kept.close())
  end(kept)
  const diedMs = first.now()
  const second = createClock({ startMs: diedMs })
  const keptBySecond = keepClock(dataDir, second, LEASE)
  expect(keptBySecond.passedMs).toBeGreaterThan(LEASE_MS)
  expect(second.now()).toBeGreaterThan(diedMs + LEASE_MS)
  expect(second.now()).toBeLessThan(diedMs + LEASE_MS + 5000)
  keptBySecond.close()
  const third = keepClock(dataDir, createClock({ startMs: second.now() }), LEASE)
  expect(third.passedMs).toBe(0)
  third.close()
})

test('jumps past the longer leases of an emulator whose time ran fast, and not past leases that have expired', () => {
  const dataDir = temporaryFolder()
  const fast = keepClock(dataDir, createClock({ startMs: 0, speed: 1000 }), LEASE)
  const clock = createClock({ startMs: 0 })
  const kept = keepClock(dataDir, clock, LEASE)
  // Five real seconds, which a run gets whatever the speed.
  expect(clock.now()).toBeGreaterThan(5_000_000 + LEASE.marginMs)
  kept.abandonRuns()
  kept.close()
  fast.close()
  writeJson(join(dataDir, 'clock.json'), { virtualMs: 0, speed: 1, unfinished: true })
  const late = keepClock(dataDir, createClock({ startMs: 3_600_000 }), LEASE)
  expect(late.passedMs).toBe(0)
  late.close()
})

test('writes files that only their owner can read, and names a broken one', () => {
  const file = join(temporaryFolder(), 'kept.json')
  expect(readJson(file)).toBeUndefined()
  writeJson(file, { a: 1 })
  expect(readJson(file)).toEqual({ a: 1 })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  writeFileSync(file, '{"a":')
  expect(() => readJson(file)).toThrow(`${file} is no JSON`)
})

test('logs lines of JSON as printed and wraps all others, even if they come in pieces', () => {
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
