import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Task } from '../../../../shared/domain/task/task.ts'
import { beginPass, type Pass, takePage } from '../../../../shared/domain/tick/pass.ts'
import { sampleTask } from '../../../support/sample-task.ts'

const segment = (length: number): Task[] =>
  Array.from({ length }, (_, i) => sampleTask({ sourceId: i + 1, api: i % 2 ? 'itemUsage' : 'sign-in' }))

/** Reads a page of a segment whose tasks are in the order of their sources. */
function readPage(tasks: readonly Task[], { after }: Pass, pageSize: number) {
  const left = tasks.filter(({ sourceId }) => sourceId > (after?.sourceId ?? 0))
  const page = left.slice(0, pageSize)
  const last = page.at(-1)
  return { tasks: page, ...(last && left.length > pageSize && { last }) }
}

/** Makes so many steps of a pass, and returns the tasks that it had, in their order. */
function walk(tasks: readonly Task[], from: Pass, { pageSize, steps }: { pageSize: number; steps: number }) {
  const had: number[] = []
  let pass = from
  for (let step = 0; step < steps && !pass.isDone; step++) {
    const taken = takePage(pass, readPage(tasks, pass, pageSize))
    had.push(...taken.tasks.map(({ sourceId }) => sourceId))
    pass = taken.pass
  }
  return { had, pass }
}

const ALL = 1_000

const sizes = { length: fc.integer({ min: 0, max: 20 }), pageSize: fc.integer({ min: 1, max: 6 }) }

describe('a pass', () => {
  it('has every task of a segment once, in the order of the table', () => {
    fc.assert(
      fc.property(sizes.length, sizes.pageSize, (length, pageSize) => {
        const tasks = segment(length)
        const { had, pass } = walk(tasks, beginPass(), { pageSize, steps: ALL })
        expect(had).toEqual(tasks.map(({ sourceId }) => sourceId))
        expect(pass).toEqual({ isDone: true })
      }),
    )
  })

  it('that follows one which stopped anywhere has every task once, those first that the other one did not have', () => {
    const stops = fc.array(fc.nat(6), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(sizes.length, sizes.pageSize, stops, (length, pageSize, steps) => {
        const tasks = segment(length)
        let pass = beginPass()
        let left: number[] = []
        for (const count of steps) {
          const stopped = walk(tasks, beginPass(pass), { pageSize, steps: count })
          pass = stopped.pass
          left = tasks.map(({ sourceId }) => sourceId).filter(id => !stopped.had.includes(id))
        }
        const { had } = walk(tasks, beginPass(pass), { pageSize, steps: ALL })
        expect(had.toSorted((a, b) => a - b)).toEqual(tasks.map(({ sourceId }) => sourceId))
        if (!pass.isDone) expect(new Set(had.slice(0, left.length))).toEqual(new Set(left))
      }),
    )
  })

  it('ends at the end of the segment if the task is gone that it began after', () => {
    const tasks = segment(6)
    const stopped = walk(tasks, beginPass(), { pageSize: 2, steps: 1 }).pass
    const { had, pass } = walk([...tasks.slice(0, 1), ...tasks.slice(2)], beginPass(stopped), {
      pageSize: 2,
      steps: ALL,
    })
    expect(had).toEqual([3, 4, 5, 6, 1, 3, 4, 5, 6])
    expect(pass).toEqual({ isDone: true })
  })
})
