import { describe, expect, it } from 'vitest'
import { opened } from '../../../../shared/domain/task/episode.ts'
import { leaseOwner } from '../../../../shared/domain/task/lease-owner.ts'
import { renewTask } from '../../../../shared/domain/task/life.ts'
import { advanced, parked, started } from '../../../../shared/domain/task/progress.ts'
import { updated } from '../../../../shared/domain/task/task-change.ts'
import { sampleTask } from '../../../support/sample-task.ts'

const NOW = '2026-03-01T12:00:00.000Z'
const NOW_MS = Date.parse(NOW)
const BEFORE = '2026-03-01T00:00:00.000Z'
const BEFORE_MS = Date.parse(BEFORE)

describe('a task that is Pending since an update', () => {
  const pending = sampleTask({ stateSince: BEFORE, reachedMs: { Pending: BEFORE_MS }, version: 1 })

  it('is Started by its next run, and keeps the time of the update', () => {
    expect(started(pending, 2, NOW)).toStrictEqual({
      version: 2,
      tokenExpires: undefined,
      episode: undefined,
      state: 'Started',
      stateSince: NOW,
      reachedMs: { Pending: BEFORE_MS, Started: NOW_MS },
    })
  })

  it('is parked with the time since which it is Pending', () => {
    expect(parked(pending, 2, NOW, false)).toMatchObject({ reachedMs: { Pending: BEFORE_MS } })
    expect(parked(pending, 2, NOW, false)).not.toHaveProperty('stateSince')
  })
})

describe('a task that collects', () => {
  const collecting = sampleTask({
    state: 'Collecting',
    stateSince: BEFORE,
    reachedMs: { Pending: 1, Started: 2, Collecting: 3 },
    version: 1,
  })

  it('forgets the states of the older version when its source is of a newer one', () => {
    expect(started(collecting, 2, NOW)).toStrictEqual({
      version: 2,
      tokenExpires: undefined,
      episode: undefined,
      state: 'Started',
      stateSince: NOW,
      reachedMs: { Started: NOW_MS },
    })
  })

  it('keeps them when a run begins again for the same version', () => {
    expect(started(collecting, 1, NOW)).toStrictEqual({
      version: 1,
      state: 'Started',
      stateSince: NOW,
      reachedMs: { Pending: 1, Started: NOW_MS, Collecting: 3 },
    })
  })

  it('is Pending from now on if it is parked', () => {
    expect(parked(collecting, 2, NOW, false)).toMatchObject({
      state: 'Pending',
      stateSince: NOW,
      reachedMs: { Pending: NOW_MS },
    })
  })

  it('is Pending from now on if it is renewed', () => {
    expect(updated(collecting, renewTask(2, NOW).update)).toMatchObject({
      state: 'Pending',
      stateSince: NOW,
      reachedMs: { Pending: NOW_MS },
      renewed: 2,
    })
  })
})

it('a task that is retried stays in Error, and notes when it reached a state', () => {
  const retried = sampleTask({
    state: 'Error',
    reachedMs: { Pending: 1 },
    episode: opened('e', { atMs: 0 }),
  })
  expect(advanced(retried, 'Started', NOW)).toStrictEqual({ reachedMs: { Pending: 1, Started: NOW_MS } })
})

it('the owner of a lease is the request id and a short random word', () => {
  expect(leaseOwner('run-1', '01234567-89ab-cdef')).toBe('run-1/01234567')
})
