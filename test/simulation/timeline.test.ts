import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTimeline } from './timeline.ts'

describe('virtual time', () => {
  it('does everything in the order of its times, and of its coming where those are the same', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 50 })), async times => {
        const timeline = createTimeline(0)
        const done: (readonly [number, number])[] = []
        for (const [i, ms] of times.entries()) timeline.at(ms, () => done.push([timeline.now(), i]))
        await timeline.run(100)
        const wanted = times.map((ms, i) => [ms, i] as const).sort(([a, i], [b, j]) => a - b || i - j)
        expect(done).toEqual(wanted)
        expect(timeline.now()).toBe(100)
      }),
    ))

  it('ends what follows from a work in promises before the next one', async () => {
    const timeline = createTimeline(0)
    const done: string[] = []
    timeline.at(1, async () => {
      for (let i = 0; i < 100; i++) await Promise.resolve()
      done.push('first')
    })
    timeline.at(1, () => void done.push('second'))
    await timeline.run(1)
    expect(done).toEqual(['first', 'second'])
  })

  it('does not do what was cancelled, nor anything after it was stopped', async () => {
    const timeline = createTimeline(0)
    const done: number[] = []
    timeline.cancel(timeline.at(1, () => void done.push(1)))
    timeline.at(2, () => {
      done.push(2)
      timeline.stop()
    })
    timeline.at(3, () => void done.push(3))
    await timeline.run(10)
    expect([done, timeline.now()]).toEqual([[2], 2])
  })

  it('rejects with what a work throws', async () => {
    const timeline = createTimeline(0)
    timeline.at(1, () => {
      throw new Error('wrong')
    })
    await expect(timeline.run(2)).rejects.toThrow('wrong')
  })
})
