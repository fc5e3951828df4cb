import { describe, expect, it } from 'vitest'
import { lagSeconds, unreadFromMs } from '../../../../shared/domain/task/read-time.ts'
import { sampleTask } from '../../../support/sample-task.ts'

const NOW_MS = Date.parse('2026-03-01T12:00:00Z')

describe('the lag of a task', () => {
  it('is the age of its newest event', () => {
    expect(lagSeconds(sampleTask({ lastEventTime: '2026-03-01T11:59:00Z' }), NOW_MS)).toBe(60)
    expect(lagSeconds(sampleTask(), NOW_MS)).toBeUndefined()
  })

  it.each([
    ['that an earlier deployment has kept from the future', { lastEventTime: '2099-01-01T00:00:00Z' }, 300],
    [
      'that is newer than what is known to be read',
      { lastEventTime: '2026-03-01T11:59:59Z', behind: true, readUntil: '2026-02-26T12:00:00Z' },
      3 * 86_400,
    ],
  ] as const)('does not follow from a time %s', (_name, change, lag) => {
    const task = sampleTask({ lastSuccessAt: '2026-03-01T11:55:00.000Z', ...change })
    expect(lagSeconds(task, NOW_MS)).toBe(lag)
  })
})

describe('the time from which events may be unread', () => {
  it('is never in the future', () => {
    const task = sampleTask({ lastSuccessAt: '2026-03-01T12:05:00.000Z' })
    expect(unreadFromMs(task, NOW_MS)).toBe(NOW_MS)
  })

  it('is the last event if that is older than the last run that read all there was', () => {
    const task = sampleTask({
      lastEventTime: '2026-03-01T03:00:00Z',
      lastSuccessAt: '2026-03-01T11:55:00.000Z',
    })
    expect(unreadFromMs(task, NOW_MS)).toBe(Date.parse('2026-03-01T03:00:00Z'))
  })
})
