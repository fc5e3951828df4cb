import { describe, expect, it } from 'vitest'
import { MAX_WALKED_OBJECTS } from '../../shared/contract/limits.ts'
import type { PageRecord } from '../../shared/domain/stream/page-record.ts'
import { createStreamHarm } from './stream-harm.ts'

const toRecord = (nextCursor: string, previousKey?: string): PageRecord => ({
  chain: 1,
  asked: 'a',
  link: 'l',
  nextCursor,
  count: 1,
  lateCount: 0,
  ...(previousKey !== undefined && { previousKey }),
})

describe('what the checks of the lake excuse', () => {
  it.each([
    ['as many objects as a walk reads lie', MAX_WALKED_OBJECTS, false],
    ['one more lies', MAX_WALKED_OBJECTS + 1, true],
  ])('an event that comes twice, if %s between it and the end', (_name, objects, excused) => {
    const harm = createStreamHarm()
    for (let i = 0; i < objects; i++) harm.onObject(`k${i}`, toRecord(`c${i}`), [`u${i}`])
    expect(harm.mayDouble('u0')).toBe(excused)
    expect(harm.mayDouble('u1')).toBe(false)
  })

  it('a branch behind an object that was deleted, and leads elsewhere since it was delivered again', () => {
    const harm = createStreamHarm()
    harm.onObject('k1', toRecord('first'), ['u1'])
    harm.onObject('k2', toRecord('next', 'k1'), ['u2'])
    harm.onDeleted('k1')
    expect(harm.isCutOff('k1')).toBe(false)
    harm.onObject('k1', toRecord('second'), ['u1', 'u3'])
    expect(harm.isCutOff('k1')).toBe(true)
    expect(harm.recordsOf('k1').map(({ nextCursor }) => nextCursor)).toEqual(['first', 'second'])
  })

  it('no branch behind an object that was deleted, and leads where it led before', () => {
    const harm = createStreamHarm()
    harm.onObject('k1', toRecord('first'), ['u1'])
    harm.onDeleted('k1')
    harm.onObject('k1', toRecord('first'), ['u1'])
    expect(harm.isCutOff('k1')).toBe(false)
  })
})
