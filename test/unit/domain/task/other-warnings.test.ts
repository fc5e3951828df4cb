import { describe, expect, it } from 'vitest'
import type { TaskHealth } from '../../../../shared/domain/task/task-health.ts'
import {
  caughtUpHealth,
  overlapUnknownHealth,
  resetHealth,
  restoredHealth,
  steppedOverHealth,
  successorHealth,
  unreadableHealth,
} from '../../../../shared/domain/task/task-warnings.ts'
import { SUBJECT } from '../../../support/health.ts'

const DAY_MS = 86_400_000

const RESET = { answer: '400: {"Error":{"Message":"Bad Request"}}', from: '2026-02-28T00:14:00Z' }

const publishedTexts = (health: TaskHealth | undefined) =>
  (health?.untold ?? []).map(({ number, event }) => `${number} ${event.status} ${event.details.trackerId}`)

const findLast = (health: TaskHealth | undefined) => health?.untold?.at(-1)?.event

describe('the warning about a new token that is not used', () => {
  const AT = '2026-03-01T12:00:00.000Z'
  const END = '2026-03-01T12:05:00.000Z'

  it.each([
    ['refused', '1Password refuses it'],
    ['unusable', 'not a text of printable characters'],
    ['featureMissing', 'lacks the feature'],
    ['otherAccount', 'belongs to another account'],
  ] as const)('says once why: %s', (fault, text) => {
    const health = successorHealth(undefined, SUBJECT, fault, AT)
    expect(findLast(health)?.details.description).toContain(text)
    expect(health?.warnings).toEqual({ TokenSuccessor: { since: AT, fault } })
    expect(successorHealth(health, SUBJECT, fault, END)).toBeUndefined()
  })

  it('is opened anew for another fault, and closed when there is none', () => {
    const first = successorHealth(undefined, SUBJECT, 'refused', AT)
    const other = successorHealth(first, SUBJECT, 'unusable', END)
    expect(publishedTexts(other)).toHaveLength(3)
    const closed = successorHealth(other, SUBJECT, undefined, END)
    expect(findLast(closed)).toMatchObject({
      status: 'Healthy',
      eventTime: END,
      details: { error: 'Sign-in Attempts: the secret holds no unusable API token any more' },
    })
    expect(closed).not.toHaveProperty('warnings')
    expect(successorHealth(closed, SUBJECT, undefined, END)).toBeUndefined()
    expect(successorHealth(undefined, SUBJECT, undefined, END)).toBeUndefined()
  })
})

describe('the warning about what cannot be read', () => {
  const AT = '2026-03-01T12:00:00.000Z'
  const later = (ms: number): string => new Date(Date.parse(AT) + ms).toISOString()

  it.each([
    [1, 'An item of a page could not be read'],
    [2, '2 items of a page could not be read'],
  ])('says how many items of a page it were: %i', (count, text) => {
    const health = unreadableHealth(undefined, SUBJECT, { count, key: 'k' }, AT)
    expect(findLast(health)?.details.description).toContain(text)
    expect(health?.warnings).toEqual({ UnreadablePage: { since: AT } })
    expect(unreadableHealth(health, SUBJECT, { count, key: 'l' }, later(1))).toBeUndefined()
  })

  it('is closed by the first run after a day that has read all there was', () => {
    const health = unreadableHealth(undefined, SUBJECT, { count: 1, key: 'k' }, AT)
    expect(caughtUpHealth(health, SUBJECT, later(DAY_MS - 1))).toBeUndefined()
    const closed = caughtUpHealth(health, SUBJECT, later(DAY_MS))
    expect(publishedTexts(closed).at(-1)).toBe('2 Healthy UnreadablePageWarning/sign-in')
    expect(findLast(closed)?.details.error).toContain('pages can be read')
    expect(findLast(closed)?.eventTime).toBe(later(DAY_MS))
    expect(closed).not.toHaveProperty('warnings')
  })

  it('takes the place of a lesser one when something was stepped over', () => {
    const lesser = unreadableHealth(undefined, SUBJECT, { count: 1, key: 'k' }, AT)
    const stepped = { from: AT, to: later(1), why: 'It is damaged.' }
    const health = steppedOverHealth(lesser, SUBJECT, stepped, later(2))
    expect(publishedTexts(health).map(text => text.split(' ')[1])).toEqual([
      'UnHealthy',
      'Healthy',
      'UnHealthy',
    ])
    expect(health.untold?.[1]?.event).toMatchObject({
      eventTime: later(2),
      details: { error: 'Sign-in Attempts: the warning has changed' },
    })
    expect(health.warnings).toEqual({ UnreadablePage: { since: later(2) } })
    expect(findLast(health)?.details.description).toContain('It was too large to be kept.')
    const kept = steppedOverHealth(undefined, SUBJECT, { ...stepped, key: 'k' }, AT)
    expect(findLast(kept)?.details.description).toContain('lies in the lake at k.')
  })
})

describe('the warnings that end when everything is read', () => {
  const AT = '2026-03-01T12:00:00.000Z'
  const END = '2026-03-01T12:05:00.000Z'
  const UNKNOWN = { key: 'k', why: 'it is in an archive', from: AT }

  it.each([
    ['cursor that was replaced', () => resetHealth(undefined, SUBJECT, RESET, AT), 'caught up'],
    [
      'restored table',
      () => restoredHealth(undefined, SUBJECT, AT, AT),
      'the tasks table has caught up with the lake',
    ],
    ['overlap', () => overlapUnknownHealth(undefined, SUBJECT, UNKNOWN, AT), 'caught up'],
  ])('each say so, with the time: that of a %s', (_what, warn, text) => {
    const ended = caughtUpHealth(warn(), SUBJECT, END)
    expect(ended).toEqual({ changes: 2, untold: ended?.untold })
    expect(findLast(ended)).toMatchObject({ status: 'Healthy', eventTime: END })
    expect(findLast(ended)?.details.error).toBe(`Sign-in Attempts: ${text}`)
    expect(findLast(ended)?.details.description).toContain(`since ${AT}`)
  })

  it('end together', () => {
    const reset = resetHealth(undefined, SUBJECT, RESET, AT)
    const restored = restoredHealth(reset, SUBJECT, undefined, AT)
    const all = overlapUnknownHealth(restored, SUBJECT, UNKNOWN, AT)
    expect(Object.keys(all.warnings ?? {})).toHaveLength(3)
    const ended = caughtUpHealth(all, SUBJECT, END)
    expect(ended).toEqual({ changes: 6, untold: ended?.untold })
    expect(new Set(ended?.untold?.map(({ event }) => event.eventId)).size).toBe(6)
    expect(ended?.untold?.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('are opened once for a restored table, and say when its last run ended if that is known', () => {
    const known = restoredHealth(undefined, SUBJECT, '2026-02-01T00:00:00.000Z', AT)
    expect(findLast(known)?.details.description).toContain('its last run ended at 2026-02-01T00:00:00.000Z.')
    expect(restoredHealth(known, SUBJECT, undefined, END)).toBeUndefined()
    expect(findLast(restoredHealth(undefined, SUBJECT, undefined, AT))?.details.description).toContain(
      'that the tasks table does not know. The table was restored',
    )
  })

  it('have events of ids of their own when a warning is changed', () => {
    const twice = resetHealth(resetHealth(undefined, SUBJECT, RESET, AT), SUBJECT, RESET, AT)
    expect(new Set(twice.untold?.map(({ event }) => event.eventId)).size).toBe(3)
    expect(twice.warnings).toEqual({ CursorReset: { since: AT } })
    expect(twice.untold?.[1]?.event.eventTime).toBe(AT)
  })

  it('do not say what is not known of a cursor', () => {
    const text = findLast(resetHealth(undefined, SUBJECT, RESET, AT))?.details.description
    expect(text).toContain('1Password refuses the cursor. Events are read again from')
  })
})
