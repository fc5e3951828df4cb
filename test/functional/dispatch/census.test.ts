import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCensus, sampleEvenly } from '../../../functions/dispatch/census.ts'
import type { TaskFault } from '../../../shared/domain/failure/failure.ts'
import type { Episode } from '../../../shared/domain/task/episode.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import { sampleTask } from '../../support/sample-task.ts'

const NOW_MS = Date.parse('2026-03-02T12:00:00Z')
const ago = (seconds: number): string => new Date(NOW_MS - seconds * 1000).toISOString()

function takeCensus(...tasks: readonly Partial<Task>[]) {
  const census = createCensus()
  for (const task of tasks) census.add([sampleTask(task)], NOW_MS)
  return census.read()
}

const EPISODE: Episode = { id: 'e', startedMs: 1, deadlineMs: 2, attempts: 1, nextRetryMs: 2 }
const FAULT: TaskFault = { type: 'ThirdPartyGeneric', code: 503, info: '503', at: ago(60) }
const CONFIG_FAULT: TaskFault = { ...FAULT, type: 'ThirdPartyConfig', code: 401 }

describe('the census', () => {
  it('counts nothing and sends no lag if there is no task', () => {
    const read = takeCensus()
    expect(read).not.toHaveProperty('lag')
    expect(Object.values(read).every(value => value === 0)).toBe(true)
  })

  it('counts the tasks of all pages by their states', () => {
    expect(takeCensus({ state: 'Collecting' }, { state: 'Collecting' }, { state: 'Error' })).toMatchObject({
      tasksCollecting: 2,
      tasksError: 1,
      tasksPending: 0,
    })
  })

  it('counts the tasks that are retried, given up and misconfigured separately', () => {
    const read = takeCensus(
      { state: 'Error', episode: EPISODE, error: FAULT },
      { state: 'Error', episode: { ...EPISODE, quitMs: 3 }, halted: true, error: FAULT },
      { state: 'Error', episode: { ...EPISODE, quitMs: 3 }, halted: true, error: FAULT },
      { state: 'Error', halted: true, error: CONFIG_FAULT },
    )
    expect(read).toMatchObject({ tasksError: 4, openEpisodes: 1, givenUp: 2, misconfigured: 1 })
    expect(takeCensus({ state: 'Collecting' })).not.toHaveProperty('well')
  })

  it('uses the time since everything was read as the lag, however old the last event is', () => {
    expect(takeCensus({ lastSuccessAt: ago(300), lastEventTime: ago(86_400) }).lag).toEqual([300])
  })

  it('uses the age of the newest event as the lag while events are left unread', () => {
    expect(takeCensus({ lastSuccessAt: ago(1), lastEventTime: ago(7200), behind: true }).lag).toEqual([7200])
    expect(takeCensus({ lastSuccessAt: ago(1), startTime: ago(9000), behind: true }).lag).toEqual([9000])
  })

  it('uses the time since its creation as the lag of a task that was never collected', () => {
    expect(takeCensus({ createdAt: ago(4000), state: 'Error', halted: true }).lag).toEqual([4000])
  })

  it('counts tasks that are no longer collected by their state only', () => {
    const old = { createdAt: ago(1e6), lastSuccessAt: ago(1e6), cursorSinceMs: NOW_MS - 1e9 }
    const read = takeCensus({ ...old, state: 'Stopping' }, { ...old, state: 'Pending', halted: true })
    expect(read).toMatchObject({ tasksStopping: 1, tasksPending: 1, misconfigured: 0, cursorAge: 0 })
    expect(read).not.toHaveProperty('lag')
  })

  it('has the age of the cursor that has not moved for the longest time', () => {
    const read = takeCensus({ cursorSinceMs: NOW_MS - 5000 }, { cursorSinceMs: NOW_MS - 60_000 }, {})
    expect(read.cursorAge).toBe(60)
  })
})

describe('the sample of many lags', () => {
  it.each([
    [98, 98],
    [99, 99],
    [100, 99],
    [1000, 99],
  ])('of %i values has %i', (count, sampled) => {
    const values = Array.from({ length: count }, (_, i) => count - i)
    const sample = sampleEvenly(values)
    expect(sample).toHaveLength(sampled)
    expect([sample[0], sample.at(-1)]).toEqual([1, count])
  })

  it('has every value if they fit, and otherwise as many as fit, with the smallest, the median and the largest', () => {
    const lags = fc.array(fc.nat(100_000), { minLength: 1, maxLength: 400 })
    fc.assert(
      fc.property(lags, values => {
        const sorted = values.toSorted((a, b) => a - b)
        const sample = sampleEvenly(values)
        expect(sample).toHaveLength(Math.min(99, values.length))
        expect([sample[0], sample.at(-1)]).toEqual([sorted[0], sorted.at(-1)])
        if (values.length <= 99) expect(sample).toEqual(sorted)
        const middle = sample[Math.floor(sample.length / 2)] ?? -1
        const near = [Math.floor((sorted.length - 1) / 2), Math.ceil(sorted.length / 2)].map(at => sorted[at])
        expect(near).toContain(middle)
      }),
    )
  })
})
