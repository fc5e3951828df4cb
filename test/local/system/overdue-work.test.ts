import { createClock, type Fault } from 'aws-emulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TICK_ENDED, type TickReport } from '../../../shared/contract/log-messages.ts'
import { type LocalSystem, localSystem, wholeSecond } from '../../support/local-system.ts'
import { timeline } from '../../support/passing-time.ts'
import { type WatchedSource, watchedSource } from '../../support/watched-source.ts'

const API = 'sign-in'
const START_MS = Date.parse('2026-03-04T18:00:00Z')
const FAULT: Fault = { kind: 'error', status: 500, code: 'InternalFailure', message: 'It was our fault.' }

let system: LocalSystem
let source: WatchedSource
/** An operation that fails for collect. */
let broken: string | undefined

beforeEach(async () => {
  broken = undefined
  system = await localSystem({
    clock: createClock({ startMs: START_MS }),
    account: { days: 1, eventsPerDay: 500 },
    intercept: ({ action, functionName }, phase) =>
      phase === 'before' && action === broken && functionName.includes('Collect') ? FAULT : undefined,
  })
  const startTime = wholeSecond(START_MS - 3_600_000)
  const ids = await system.registerSource({ supported_apis: [API], start_time: startTime })
  await system.stage.idle()
  system.clock.advance(1000)
  source = watchedSource(system, ids, system.account, startTime)
}, 60_000)

afterEach(() => system.close())

type Neglected = Pick<TickReport, 'claimMissing' | 'executionLost' | 'episodeOverdue'>

/** How often the ticks so far found an episode neglected. */
function found(neglect: keyof Neglected): number {
  return system.lines
    .map(line => JSON.parse(line).record)
    .filter(record => record?.message === TICK_ENDED)
    .reduce((sum, report: TickReport) => sum + report[neglect], 0)
}

const statuses = (): string[] => system.stage.executions().map(({ status }) => status)

describe('the tick repairs', () => {
  it('a lost event: it publishes the episode to the state machine again', async () => {
    const { passTo } = timeline(system, () => true)
    system.account.setMode('503')
    broken = 'PutEvents'
    await passTo(4)
    expect(await source.task(API)).toMatchObject({ state: 'Error', retry: { attempts: 1 } })
    expect(statuses()).toEqual([])
    broken = undefined
    await passTo(5.1)
    expect(found('claimMissing')).toBe(1)
    expect(statuses()).toEqual(['RUNNING'])
    system.account.setMode('ok')
    await passTo(8)
    expect(await source.task(API)).toMatchObject({ state: 'Collecting' })
    expect(statuses()).toEqual(['SUCCEEDED'])
  })

  it('an execution that died: another one claims the episode, within the same 90 minutes', async () => {
    const { passTo } = timeline(system, () => true)
    system.account.setMode('503')
    await passTo(4)
    const { deadline } = (await source.task(API)).retry ?? {}
    system.stage.abortExecutions()
    await passTo(15.1)
    expect(found('executionLost')).toBe(1)
    expect(statuses()).toEqual(['ABORTED', 'RUNNING'])
    expect((await source.task(API)).retry).toMatchObject({ deadline })
    system.account.setMode('ok')
    await passTo(21)
    expect(await source.task(API)).toMatchObject({ state: 'Collecting' })
  })

  it('an overdue episode: the task is given up, and its health event says so', async () => {
    const { passTo } = timeline(system, () => true)
    system.account.setMode('503')
    await passTo(4)
    system.stage.abortExecutions()
    broken = 'UpdateItem'
    await passTo(92)
    expect(await source.task(API)).toMatchObject({
      state: 'Error',
      advice: expect.stringContaining('by itself'),
    })
    await passTo(95.1)
    expect(found('episodeOverdue')).toBe(1)
    const { retry } = await source.task(API)
    expect(Date.parse(retry?.gaveUp ?? '') - Date.parse(retry?.deadline ?? '')).toBeLessThan(7 * 60_000)
    expect((await source.health(API)).at(-1)?.details.error).toContain('given up')
  })

  it('a health event that a run could neither record nor publish', async () => {
    const { passTo } = timeline(system, () => true)
    system.account.setMode('401')
    broken = 'PutItem'
    await passTo(1)
    expect(await source.task(API)).toMatchObject({ state: 'Error' })
    expect(await source.health(API)).toEqual([])
    await passTo(5.1)
    expect((await source.health(API)).map(({ status }) => status)).toEqual(['UnHealthy'])
  })

  it('a run that was killed while it had the lease', async () => {
    const { passTo } = timeline(system, () => true)
    system.account.setMode('hang')
    await passTo(0.3)
    expect(await source.task(API)).toHaveProperty('lease')
    await system.stage.kill('collect')
    system.account.setMode('ok')
    await system.stage.idle()
    expect(await source.task(API)).toMatchObject({ state: 'Error', error: { type: 'FIRST-PARTY-GENERIC' } })
    await passTo(2)
    expect(await source.task(API)).toMatchObject({ state: 'Collecting' })
  })
})
