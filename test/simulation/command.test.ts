import { execFile } from 'node:child_process'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCommandLine } from './command-line.ts'
import { FAULT_NAMES } from './faults.ts'
import { type Report, reportOf } from './report.ts'
import { simulate as simulateHere } from './simulation.ts'

const MAIN = path.join(import.meta.dirname, 'main.ts')

interface Ended {
  readonly code: number
  readonly out: string
  readonly complaint: string
}

function simulate(...argv: readonly string[]): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>()
  execFile(process.execPath, [MAIN, ...argv], (error, out, complaint) => {
    resolve({ code: error ? Number(error.code) : 0, out, complaint })
  })
  return promise
}

describe('npm run simulate', () => {
  it('prints one JSON object of what was simulated', async () => {
    const { code, out } = await simulate('--seeds', '3', '--days', '1', '--json')
    const report = JSON.parse(out) as Report
    expect(code).toBe(0)
    expect(report).toMatchObject({ seeds: 3, days: 3, lost: 0, doubled: 0, broken: [] })
    expect(report.generated).toBe(report.delivered)
    expect(Object.keys(report.faults).length).toBeGreaterThan(0)
  })

  it('replays a seed of another process, to the last note of its trace', async () => {
    const argv = ['--seed', '2', '--days', '1']
    const outcome = await simulateHere({ seed: '2', days: 1, faults: FAULT_NAMES })
    const { out } = await simulate(...argv, '--json')
    expect((JSON.parse(out) as Report).hash).toBe(reportOf([outcome], readCommandLine(argv), 1).hash)
  })

  it('injects the faults that are named, and no others', async () => {
    const { code, out } = await simulate('--days', '1', '--faults', 'kills,ticks-lost', '--seed', '7')
    expect(code).toBe(0)
    expect(out).toContain('No invariant was broken.')
    expect(out.slice(out.indexOf('Faults injected:'))).toMatch(
      /^Faults injected:\n {2}kills +\d+\n {2}ticks-lost +\d+\n\n/,
    )
  })

  it.each([
    [['--faults', 'gremlins'], '"gremlins" is none of'],
    [['--seeds', '0'], '--seeds must be a whole number from 1 on, not "0".'],
    [['--nights', '2'], '--nights is no option; the options are --seeds, --seed, --days, '],
  ])('refuses %j', async (argv, complaint) => {
    const ended = await simulate(...argv)
    expect(ended.code).toBe(2)
    expect(ended.complaint).toContain(complaint)
  })
})
