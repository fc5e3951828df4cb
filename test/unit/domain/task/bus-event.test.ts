import { describe, expect, it } from 'vitest'
import { DUE_REASONS } from '../../../../shared/contract/events.ts'
import { readDue, readStopping } from '../../../../shared/domain/task/bus-event.ts'

const DUE = { collectorId: 100000001, sourceId: 100000002, api: 'auditEvents', reason: 'tick' }

describe('a CollectionDue event', () => {
  it.each(DUE_REASONS)('names the task and why it is due: %s', reason => {
    expect(readDue({ ...DUE, reason })).toEqual({ ...DUE, reason })
  })

  it('may have members of a later version, which are ignored', () => {
    expect(readDue({ ...DUE, attempt: 3 })).toEqual(DUE)
  })

  it.each([
    [undefined, 'collectorId'],
    [null, 'collectorId'],
    ['text', 'collectorId'],
    [{}, 'collectorId'],
    [{ ...DUE, collectorId: '100000001' }, 'collectorId'],
    [{ ...DUE, sourceId: 1.5 }, 'sourceId'],
    [{ ...DUE, sourceId: undefined }, 'sourceId'],
    [{ ...DUE, api: 'auditevents' }, 'api must be one of sign-in, itemUsage, auditEvents'],
    [{ ...DUE, api: undefined }, 'api'],
    [{ ...DUE, reason: 'whim' }, 'reason must be one of tick'],
  ])('is refused with the name of the wrong member: %j', (detail, member) => {
    expect(() => readDue(detail)).toThrow(new RegExp(`^CollectionDue: ${member}`))
  })
})

describe('a SourceStopping event', () => {
  it('names the source', () => {
    expect(readStopping({ collectorId: 1, sourceId: 2, more: true })).toEqual({ collectorId: 1, sourceId: 2 })
  })

  it.each([
    [null, 'collectorId'],
    [{ collectorId: 1, sourceId: '2' }, 'sourceId'],
  ])('is refused with the name of the wrong member: %j', (detail, member) => {
    expect(() => readStopping(detail)).toThrow(new RegExp(`^SourceStopping: ${member}`))
  })
})
