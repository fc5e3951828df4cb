import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../../../infra/commands/cost/command-line.ts'

const MAIN = path.join(import.meta.dirname, '../../../infra/commands/cost/main.ts')

async function command(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [output, errors]: [string[], string[]] = [[], []]
  child.stdout.on('data', chunk => output.push(String(chunk)))
  child.stderr.on('data', chunk => errors.push(String(chunk)))
  const [code] = await once(child, 'close')
  return { code, output: output.join(''), errors: errors.join('') }
}

const SERVICES = [
  'lambda',
  'dynamodb',
  's3',
  'eventBridge',
  'secretsManager',
  'cloudWatchLogs',
  'dataTransfer',
  'stepFunctions',
  'sns',
  'sqs',
]

describe('npm run cost', () => {
  it('prints one object with the total and each service', async () => {
    const { code, output, errors } = await command(
      '--sources',
      '1',
      '--apis',
      '2',
      '--events-per-day',
      '288',
      '--json',
    )
    expect(errors).toBe('')
    expect(code).toBe(0)
    const bill = JSON.parse(output) as Record<string, number>
    const services = Object.entries(bill).filter(
      ([name, value]) => name !== 'total' && typeof value === 'number',
    )
    expect(services.map(([name]) => name)).toEqual(SERVICES)
    expect(bill['total']).toBeCloseTo(
      services.reduce((total, [, amount]) => total + amount, 0),
      6,
    )
    expect(bill['total']).toBeLessThan(0.6)
  }, 60_000)

  it('prints the bill, the fixed costs and the limits for people, even of a hundred thousand sources', async () => {
    const { code, output } = await command('--sources', '100000')
    expect(code).toBe(0)
    expect(output).toContain('100,000 sources, 2 APIs each, 0 events a day of each API')
    expect(output).toMatch(/^Secrets Manager +[\d,.]+ +100,000 secrets/m)
    expect(output).toMatch(/^Without any source the stack costs \d+\.\d\d a month/m)
    expect(output).toMatch(/^Lambda: concurrent executions .*raise it in Service Quotas$/m)
    expect(output).toMatch(/reads a second of a collector .*divide the sources between collectors$/m)
    expect(output).toMatch(/reads a second of the field schema +0 +3,000 +enough$/m)
    expect(output).toMatch(/^One tick serves all sources/m)
  }, 60_000)

  it('explains itself', async () => {
    const { code, output } = await command('--help')
    expect(code).toBe(0)
    expect(output).toContain('--events-per-day E')
    expect(output).toContain('of each API of each source, not of all together')
    expect(output).toContain('from 288 on every run of every API finds some')
    expect(output).toMatch(/So are the ticks without tasks/)
  })

  it('names all wrong options at once, and ends with 2', async () => {
    const { code, output, errors } = await command('--sources', '0', '--apis', '4', '--events-per-day', '1.5')
    expect(code).toBe(2)
    expect(output).toBe('')
    expect(errors).toContain('--sources must be a whole number from 1 to 1000000, not "0".')
    expect(errors).toContain('--apis must be a whole number from 1 to 3, not "4".')
    expect(errors).toContain('--events-per-day must be a whole number from 0 to 10000000, not "1.5".')
  })
})

describe('the command line', () => {
  it('has one idle source with two APIs as default', () => {
    expect(readCommandLine([])).toEqual({
      command: 'bill',
      scenario: { sources: 1, apis: 2, eventsPerDay: 0 },
      json: false,
    })
  })

  it.each([
    [['--source', '1']],
    [['1']],
    [['--sources']],
    [['--sources', '']],
    [['--sources', '-1']],
    [['--json=1']],
  ])('refuses %j', argv => {
    expect(() => readCommandLine(argv)).toThrow(expect.objectContaining({ name: 'UsageError' }))
  })
})
