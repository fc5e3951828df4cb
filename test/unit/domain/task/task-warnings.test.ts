import { describe, expect, it } from 'vitest'
import { healedHealth, type TaskHealth, troubledHealth } from '../../../../shared/domain/task/task-health.ts'
import {
  caughtUpHealth,
  closedHealth,
  expiryHealth,
  resetHealth,
} from '../../../../shared/domain/task/task-warnings.ts'
import { aFault, openAfter, SUBJECT } from '../../../support/health.ts'

const DAY_MS = 86_400_000
const EXPIRES = '2026-09-01T09:30:00.000Z'

const daysBefore = (days: number, expires = EXPIRES): string =>
  new Date(Date.parse(expires) - days * DAY_MS).toISOString()

const RESET = { answer: '400: {"Error":{"Message":"Bad Request"}}', from: '2026-02-28T00:14:00Z' }

const publishedTexts = (health: TaskHealth | undefined) =>
  (health?.untold ?? []).map(({ number, event }) => `${number} ${event.status} ${event.details.trackerId}`)

const findLast = (health: TaskHealth | undefined) => health?.untold?.at(-1)?.event

const warnedAt = (days: number, health?: TaskHealth) =>
  expiryHealth(health, SUBJECT, EXPIRES, daysBefore(days))

describe('the warning about a token’s expiry', () => {
  it('opens 14 days before, with the date, the time left and what to do, and stays', () => {
    expect(warnedAt(14.01)).toBeUndefined()
    const health = warnedAt(14)
    expect(health?.untold).toMatchObject([
      {
        number: 1,
        event: {
          status: 'UnHealthy',
          severityLevel: 'Warning',
          eventName: 'TokenExpiryWarning',
          eventTime: daysBefore(14),
          details: {
            trackerId: 'TokenExpiryWarning/sign-in',
            error: 'Sign-in Attempts: the API token expires on 2026-09-01',
            name: 'Sign-in Attempts: the API token expires on 2026-09-01',
          },
        },
      },
    ])
    for (const text of [EXPIRES, '14 days', 'Integrations', 'api_token', 'secret'])
      expect(findLast(health)?.details.description).toContain(text)
    expect(warnedAt(13, health)).toBeUndefined()
    expect(warnedAt(3.01, health)).toBeUndefined()
  })

  it('is closed and opened anew with the new text 3 days before, and stays when the token has expired', () => {
    const health = warnedAt(3, warnedAt(14))
    expect(publishedTexts(health)).toEqual([
      '1 UnHealthy TokenExpiryWarning/sign-in',
      '2 Healthy TokenExpiryWarning/sign-in',
      '3 UnHealthy TokenExpiryWarning/sign-in',
    ])
    expect(findLast(health)?.details.description).toContain('within 3 days')
    expect(health?.untold?.[1]?.event).toMatchObject({
      severityLevel: 'Warning',
      eventName: 'TrackerHealthy',
    })
    for (const days of [2, 0.5, 0, -1, -400]) expect(warnedAt(days, health)).toBeUndefined()
    expect(findLast(warnedAt(0.5))?.details.description).toContain('within one day')
  })

  it('is not opened for a token that has expired already, because 1Password refuses that token', () => {
    expect(warnedAt(0)).toBeUndefined()
    expect(warnedAt(-20)).toBeUndefined()
  })

  it('stays open if a clock is behind', () => {
    const [first, second] = [warnedAt(14), warnedAt(3)]
    expect(warnedAt(14.01, first)).toBeUndefined()
    expect(warnedAt(3.01, second)).toBeUndefined()
    expect(warnedAt(14.01, second)).toBeUndefined()
  })

  it.each([
    ['a later expiry', '2027-09-01T09:30:00.000Z', '2027-09-01T09:30:00.000Z'],
    ['no expiry', undefined, 'does not say that it expires'],
    ['another expiry that has passed', daysBefore(20), daysBefore(20)],
  ])('is closed by a token with %s, as the event says', (_kind, expires, text) => {
    const health = expiryHealth(warnedAt(3), SUBJECT, expires, daysBefore(2))
    expect(publishedTexts(health).at(-1)).toBe('2 Healthy TokenExpiryWarning/sign-in')
    expect(findLast(health)?.details.description).toContain(text)
    expect(findLast(health)?.details.description).toContain(daysBefore(3))
    expect(health).toEqual({ changes: 2, untold: health?.untold })
    expect(expiryHealth(health, SUBJECT, expires, daysBefore(2))).toBeUndefined()
  })

  it('is opened anew by a token that expires soon too, on another day', () => {
    const expires = daysBefore(-4)
    const health = expiryHealth(warnedAt(3), SUBJECT, expires, daysBefore(2))
    expect(publishedTexts(health)).toHaveLength(3)
    expect(findLast(health)?.details.description).toContain(`expires at ${expires}, within 6 days`)
  })
})

describe('the warning about a reset cursor', () => {
  const AT = '2026-03-01T12:00:00.000Z'

  it('says what was refused, how old the cursor was and where reading begins again, and is closed when everything is read', () => {
    const reset = {
      ...RESET,
      cursorSince: '2026-02-28T00:30:00.000Z',
      lastEventTime: '2026-02-28T00:24:00.123Z',
    }
    const health = resetHealth(undefined, SUBJECT, reset, AT)
    expect(findLast(health)).toMatchObject({
      status: 'UnHealthy',
      severityLevel: 'Warning',
      eventName: 'CursorResetWarning',
      eventTime: AT,
      details: { trackerId: 'CursorResetWarning/sign-in', errorCode: '400' },
    })
    for (const text of [...Object.values(reset), 'dropped by their uuid'])
      expect(findLast(health)?.details.description).toContain(text)
    const done = caughtUpHealth(health, SUBJECT, AT)
    expect(publishedTexts(done).at(-1)).toBe('2 Healthy CursorResetWarning/sign-in')
    expect(done).not.toHaveProperty('warnings')
    expect(caughtUpHealth(done, SUBJECT, AT)).toBeUndefined()
  })

  it('is opened anew for each reset', () => {
    const again = resetHealth(resetHealth(undefined, SUBJECT, RESET, AT), SUBJECT, RESET, AT)
    expect(publishedTexts(again).map(text => text.split(' ')[1])).toEqual([
      'UnHealthy',
      'Healthy',
      'UnHealthy',
    ])
  })
})

describe('warnings and errors of a task', () => {
  it('can be open at the same time: none closes or hides another', () => {
    const warned = resetHealth(warnedAt(14), SUBJECT, RESET, daysBefore(13))
    const troubled = troubledHealth(warned, SUBJECT, aFault({ at: daysBefore(12) }))
    expect(troubled).toMatchObject({ open: { type: 'ThirdPartyConfig' }, warnings: warned.warnings })
    const healed = healedHealth(troubled, SUBJECT, { reason: 'collecting', at: daysBefore(11) })
    expect(healed?.warnings).toEqual(warned.warnings)
    const caughtUp = caughtUpHealth(troubled, SUBJECT, daysBefore(11))
    expect(caughtUp?.open).toEqual(troubled?.open)
    expect(Object.keys(caughtUp?.warnings ?? {})).toEqual(['TokenExpiry'])
  })

  it('that are open are published, however much began and ended while nothing could be published', () => {
    let health = warnedAt(14)
    for (let i = 0; i < 20; i++) {
      const troubled = troubledHealth(health, SUBJECT, aFault())
      health = healedHealth(troubled, SUBJECT, { reason: 'collecting', at: daysBefore(10) })
    }
    expect(health?.changes).toBe(41)
    expect(health?.untold?.length).toBeLessThanOrEqual(16)
    expect(openAfter((health?.untold ?? []).map(({ event }) => event))).toEqual([
      `${SUBJECT.sourceId} TokenExpiryWarning/sign-in`,
    ])
  })

  it('are all closed when the task is no longer collected', () => {
    const end = { reason: 'deleted', at: daysBefore(10) } as const
    const open = troubledHealth(resetHealth(warnedAt(14), SUBJECT, RESET, daysBefore(13)), SUBJECT, aFault())
    const closed = closedHealth(open, SUBJECT, end)
    expect(openAfter((closed?.untold ?? []).map(({ event }) => event))).toEqual([])
    expect(closed?.untold?.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6])
    expect(closed).toEqual({ changes: 6, untold: closed?.untold })
    expect(findLast(closed)?.details.description).toContain('deleted')
    expect(closedHealth(closed, SUBJECT, end)).toBeUndefined()
    expect(publishedTexts(closedHealth(warnedAt(14), SUBJECT, end)).at(-1)).toBe(
      '2 Healthy TokenExpiryWarning/sign-in',
    )
  })
})
