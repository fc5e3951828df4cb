import { describe, expect, it } from 'vitest'
import { describeOpenWarnings } from '../../../../shared/domain/task/open-warnings.ts'

const T1 = '2026-03-01T10:00:00.000Z'
const T2 = '2026-03-02T10:00:00.000Z'

describe('the open warnings of a task', () => {
  it('are none before the first', () => {
    expect(describeOpenWarnings(undefined)).toEqual([])
    expect(describeOpenWarnings({})).toEqual([])
  })

  it('come in the order of their times, with what is to be done', () => {
    const warnings = describeOpenWarnings({
      TokenExpiry: { since: T2, expires: '2026-03-10T00:00:00.000Z', within: 'days14' },
      TokenSuccessor: { since: T1, fault: 'otherAccount' },
    })
    expect(warnings).toMatchObject([
      { kind: 'TokenSuccessor', since: T1, title: 'the new API token in the secret is not used' },
      { kind: 'TokenExpiry', since: T2, title: 'the API token expires on 2026-03-10' },
    ])
    expect(warnings[0]?.description).toContain('it belongs to another account')
    expect(warnings[1]?.description).toContain('update api_token')
    expect(Object.keys(warnings[1] ?? {})).toEqual(['kind', 'since', 'title', 'description'])
  })

  it('point to the health event, where the task itself knows no more', () => {
    const open = { since: T1 }
    const kinds = ['CursorReset', 'OverlapUnknown', 'TableRestored', 'UnreadablePage'] as const
    const warnings = describeOpenWarnings(Object.fromEntries(kinds.map(kind => [kind, open])))
    expect(warnings.map(({ kind }) => kind)).toEqual(kinds)
    expect(warnings.every(({ title, description }) => title !== '' && description.endsWith('.'))).toBe(true)
  })

  it('leave out a kind of a later deployment', () => {
    expect(describeOpenWarnings({ Later: { since: T1 } } as object)).toEqual([])
  })
})
