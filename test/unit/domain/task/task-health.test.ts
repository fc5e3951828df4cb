import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { healedHealth, type TaskHealth, troubledHealth } from '../../../../shared/domain/task/task-health.ts'
import { aFault, healthAfter, openAfter, SUBJECT } from '../../../support/health.ts'

const told = (health: TaskHealth | undefined) =>
  (health?.untold ?? []).map(({ number, event }) => `${number} ${event.status} ${event.details.trackerId}`)

const OVER = { reason: 'collecting', at: '2026-03-01T12:05:00.000Z' } as const

describe('the health of a task', () => {
  it('opens one event for a trouble, however often the task fails', () => {
    const health = healthAfter()
    expect(told(health)).toEqual(['1 UnHealthy ThirdPartyConfigError/sign-in'])
    expect(troubledHealth(health, SUBJECT, aFault({ code: 403, at: OVER.at }))).toBeUndefined()
  })

  it('closes it when the trouble is over, and has no event for a task that was well', () => {
    const health = healedHealth(healthAfter(), SUBJECT, OVER)
    expect(told(health)).toEqual([
      '1 UnHealthy ThirdPartyConfigError/sign-in',
      '2 Healthy ThirdPartyConfigError/sign-in',
    ])
    expect(health).not.toHaveProperty('open')
    expect(healedHealth(health, SUBJECT, OVER)).toBeUndefined()
    expect(healedHealth(undefined, SUBJECT, OVER)).toBeUndefined()
  })

  it('closes one and opens another when the error changes its type', () => {
    const health = troubledHealth(healthAfter(), SUBJECT, aFault({ type: 'FirstPartyGeneric' }))
    expect(told(health)).toEqual([
      '1 UnHealthy ThirdPartyConfigError/sign-in',
      '2 Healthy ThirdPartyConfigError/sign-in',
      '3 UnHealthy FirstPartyGenericError/sign-in',
    ])
  })

  it('continues to count its changes after they were published', () => {
    const { untold: _, ...quiet } = healthAfter()
    expect(told(healedHealth(quiet, SUBJECT, OVER))).toEqual(['2 Healthy ThirdPartyConfigError/sign-in'])
  })

  it('keeps the last change of each tracker, because the one before may be recorded already', () => {
    let health: TaskHealth | undefined
    const pass = (type: 'ThirdPartyGeneric' | 'FirstPartyGeneric'): void => {
      health = troubledHealth(health, SUBJECT, aFault({ type }))
      health = healedHealth(health, SUBJECT, OVER)
    }
    pass('ThirdPartyGeneric')
    for (let i = 0; i < 20; i++) pass('FirstPartyGeneric')
    expect(told(health)).toContain('2 Healthy ThirdPartyGenericError/sign-in')
    expect(told(health).at(-1)).toBe('42 Healthy FirstPartyGenericError/sign-in')
  })

  it('changes once when the task is given up, and names it so until it is well', () => {
    const health = troubledHealth(healthAfter(), SUBJECT, aFault({ at: OVER.at }), true)
    expect(told(health)).toHaveLength(3)
    expect(health?.open).toStrictEqual({ type: 'ThirdPartyConfig', since: OVER.at, quit: true })
    expect(troubledHealth(health, SUBJECT, aFault(), true)).toBeUndefined()
    expect(told(troubledHealth(health, SUBJECT, aFault()))).toHaveLength(5)
    expect(healthAfter().open).toStrictEqual({ type: 'ThirdPartyConfig', since: aFault().at })
  })

  it.each([
    [16, 16],
    [17, 15],
  ])('keeps up to sixteen unpublished changes: of %i it keeps %i', (changes, kept) => {
    let health: TaskHealth | undefined
    while ((health?.changes ?? 0) < changes) {
      health = healedHealth(health, SUBJECT, OVER) ?? troubledHealth(health, SUBJECT, aFault())
    }
    expect(health?.untold).toHaveLength(kept)
  })

  it('keeps the recovery from a trouble that was published, whatever came after it', () => {
    const { untold: _, ...published } = healthAfter()
    let health: TaskHealth | undefined = published
    for (let i = 0; i < 20; i++) {
      health = healedHealth(health, SUBJECT, OVER)
      health = troubledHealth(health, SUBJECT, aFault())
    }
    expect(told(health)[0]).toBe('2 Healthy ThirdPartyConfigError/sign-in')
  })

  it('alternates for each tracker, shows what is open and stays bounded, whatever happens and whenever it is published', () => {
    const step = fc.constantFrom(
      ...(['ThirdPartyConfig', 'ThirdPartyGeneric', 'FirstPartyGeneric', 'well', 'tell'] as const),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const events = []
        let health: TaskHealth | undefined
        for (const what of steps) {
          if (what === 'tell') {
            events.push(...(health?.untold ?? []).map(({ event }) => event))
            if (health) health = { ...(health.open && { open: health.open }), changes: health.changes }
          } else if (what === 'well') health = healedHealth(health, SUBJECT, OVER) ?? health
          else health = troubledHealth(health, SUBJECT, aFault({ type: what })) ?? health
          expect(health?.untold?.length ?? 0).toBeLessThanOrEqual(16)
        }
        events.push(...(health?.untold ?? []).map(({ event }) => event))
        const open = health?.open ? [`100000002 ${health.open.type}Error/sign-in`] : []
        expect(openAfter(events)).toEqual(open)
      }),
    )
  })
})
