import { expect, it } from 'vitest'
import { opened } from '../../../../shared/domain/task/episode.ts'
import { updated } from '../../../../shared/domain/task/task-change.ts'
import { sampleTask } from '../../../support/sample-task.ts'

const EPISODE = opened('e1', { atMs: 0 })

it('an update raises the fence by one, sets it, or leaves it', () => {
  const task = sampleTask({ fence: 4 })
  expect(updated(task, { set: {}, fence: 'raised' }).fence).toBe(5)
  expect(updated(task, { set: {}, fence: 4 }).fence).toBe(4)
  expect(updated(task, { set: {}, fence: 0 }).fence).toBe(0)
  expect(updated(task, { set: {} }).fence).toBe(4)
})

it('an update sets members of the episode and the health, and removes them', () => {
  const task = sampleTask({ episode: EPISODE, health: { changes: 1, untold: [] } })
  const claimed = updated(task, { set: {}, episode: { execution: 'x' } })
  expect(claimed).toStrictEqual({ ...task, episode: { ...EPISODE, execution: 'x' } })
  expect(updated(claimed, { set: {}, episode: { execution: undefined } })).toStrictEqual(task)
  const told = updated(task, { set: {}, health: { untold: undefined } })
  expect(told).toStrictEqual({ ...task, health: { changes: 1 } })
})

it('an update makes no episode and no health for a task without', () => {
  const update = { set: {}, episode: { execution: 'x' }, health: { untold: undefined } }
  expect(updated(sampleTask(), update)).toStrictEqual(sampleTask())
})

it('an update sets what is absent only if it is absent', () => {
  const update = { set: { leaseOwner: 'a' }, setIfAbsent: { partition: 'new' } }
  expect(updated(sampleTask(), update)).toMatchObject({ leaseOwner: 'a', partition: 'new' })
  expect(updated(sampleTask({ partition: 'old' }), update)).toMatchObject({ partition: 'old' })
})
