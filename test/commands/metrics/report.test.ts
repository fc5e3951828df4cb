import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metricsReport } from '../../../infra/commands/metrics/report.ts'
import { createMetricFile, type InvalidMetricsNotice } from '../../../infra/local/metrics/metric-file.ts'

const MAIN = join(import.meta.dirname, '../../../infra/commands/metrics/main.ts')
const NOON_MS = Date.parse('2026-03-01T12:00:00Z')
const HOUR_MS = 3_600_000

const dataDir = mkdtempSync(join(tmpdir(), 'metrics-'))
const notices: InvalidMetricsNotice[] = []
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

function sent(timestampMs: number, service: string, name: string, value: unknown) {
  const keep = createMetricFile({
    dataDir,
    clock: { now: () => timestampMs },
    onNotice: notice => notices.push(notice),
  })
  const Metrics = [{ Name: name, Unit: name === 'lag' ? 'Seconds' : 'Count' }]
  const CloudWatchMetrics = [{ Namespace: 'TheStack', Dimensions: [['service']], Metrics }]
  const _aws = { Timestamp: timestampMs, CloudWatchMetrics }
  keep({ functionName: service, record: { service, [name]: value, _aws } })
}

beforeAll(() => {
  sent(NOON_MS, 'collect', 'events', 1200)
  sent(NOON_MS + HOUR_MS, 'collect', 'events', 34)
  sent(NOON_MS + HOUR_MS, 'dispatch', 'lag', [300, 10, 60])
  sent(NOON_MS, 'collect', 'pages', 'many')
})

const command = (...argv: string[]): string => metricsReport(['--data', dataDir, ...argv])
const words = (text: string): string[][] =>
  text
    .trim()
    .split('\n')
    .map(line => line.split(/\s{2,}/))

describe('npm run metrics', () => {
  it('prints a line for each metric with the statistics of its values', () => {
    expect(words(command())).toEqual([
      ['Metric', 'Sent by', 'Values', 'Sum', 'Least', 'p50', 'Most', 'Last', 'Unit', 'Last sent'],
      ['events', 'collect', '2', '1,234', '34', '34', '1,200', '34', 'Count', '2026-03-01T13:00:00.000Z'],
      ['lag', 'dispatch', '3', '370', '10', '60', '300', '60', 'Seconds', '2026-03-01T13:00:00.000Z'],
    ])
  })

  it.each([
    [['--name', 'lag'], ['lag']],
    [
      ['--since', '30m'],
      ['events', 'lag'],
    ],
    [['--name', 'events', '--since', '2026-03-01T12:30:00Z'], ['events']],
    [
      ['--since', '2h'],
      ['events', 'events', 'lag'],
    ],
    [['--name', 'events', '--since', '2026-03-01T14:00:00Z'], []],
  ])('takes %j', (argv, names) => {
    const shown = command(...argv, '--json')
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line).name)
    expect(shown).toEqual(names)
  })

  it('reports what CloudWatch would drop, and does not keep it', () => {
    expect(notices).toEqual([
      { kind: 'invalid metrics', functionName: 'collect', reason: expect.stringContaining('pages') },
    ])
    expect(command('--name', 'pages')).toBe('No such metric was sent.\n')
  })

  it('ignores a line that is half written', () => {
    appendFileSync(join(dataDir, 'metrics.jsonl'), '{"time":"2026-')
    expect(words(command())).toHaveLength(3)
  })

  it.each([
    [['--since', 'yesterday'], '--since is a time'],
    [['--names', 'lag'], '--names'],
    [['--data', join(dataDir, 'nowhere')], 'holds no metrics'],
  ])('ends %j with 2 and says why', (argv, reason) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, '--data', dataDir, ...argv], {
      encoding: 'utf8',
    })
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(reason)
  })

  it('explains itself', () => {
    expect(execFileSync(process.execPath, [MAIN, '--help'], { encoding: 'utf8' })).toContain('--since WHEN')
  })
})
