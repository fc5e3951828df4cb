import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTaskItem, STORED_NAMES, toTaskItem } from '../../../shared/adapters/task-attributes.ts'
import type { Task } from '../../../shared/domain/task/task.ts'
import { sampleTask } from '../../support/sample-task.ts'

const MOMENT = '2026-03-01T12:34:56.789Z'
const DIGEST = '0f'.repeat(32)

/** Texts that a shorter form might take for its own, and those that it should. */
const anyText = fc.oneof(
  fc.string(),
  fc.date({ noInvalidDate: true }).map(date => date.toISOString()),
  fc.constantFrom('0', '1', '2026', '2026-03-01', '2026-03-01T24:00:00.000Z', '2026-02-30T00:00:00.000Z'),
  fc.constantFrom('2026-03-01T12:34:56Z', '2026-03-01T12:34:56.7890Z', '2026-03-01T12:34:56.789+00:00'),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 62, maxLength: 66 }),
)

describe('a task’s item', () => {
  it('gives each attribute a stored name of its own, which is no other attribute’s long name', () => {
    const stored = Object.values(STORED_NAMES)
    expect(new Set(stored).size).toBe(stored.length)
    const same = Object.entries(STORED_NAMES).flatMap(([name, as]) => (name === as ? [name] : []))
    expect(same).toEqual(['schema', 'sourceId', 'api'])
    expect(stored.filter(as => as in STORED_NAMES)).toEqual(same)
  })

  it('is read back as the same task, whatever its texts are', () => {
    const texts = fc.record({
      createdAt: anyText,
      stateSince: anyText,
      tokenExpires: anyText,
      lastSuccessAt: anyText,
      link: anyText,
      cursor: anyText,
      lastEventTime: anyText,
    })
    fc.assert(
      fc.property(texts, change => {
        const task = sampleTask(change)
        expect(parseTaskItem(toTaskItem(task))).toEqual(task)
      }),
    )
  })

  it('holds our own times as numbers, digests as bytes, and other texts unchanged', () => {
    const times = { createdAt: MOMENT, stateSince: MOMENT, tokenExpires: MOMENT, lastSuccessAt: MOMENT }
    const item = toTaskItem(sampleTask({ ...times, link: DIGEST, lastEventTime: MOMENT, cursor: DIGEST }))
    for (const name of Object.keys(times)) {
      expect(item[STORED_NAMES[name as keyof Task]]).toEqual({ N: String(Date.parse(MOMENT)) })
    }
    expect(item[STORED_NAMES.link]?.B).toHaveLength(32)
    expect(item[STORED_NAMES.lastEventTime]).toEqual({ S: MOMENT })
    expect(item[STORED_NAMES.cursor]).toEqual({ S: DIGEST })
  })
})
