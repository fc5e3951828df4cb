import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HealthEvent } from '../../../../shared/domain/task/health-event.ts'
import { healedHealth, type TaskHealth, troubledHealth } from '../../../../shared/domain/task/task-health.ts'
import {
  caughtUpHealth,
  closedHealth,
  expiryHealth,
  resetHealth,
} from '../../../../shared/domain/task/task-warnings.ts'
import { examples } from '../../../support/examples.ts'
import { aFault, openAfter, SUBJECT } from '../../../support/health.ts'

const DAY_MS = 86_400_000

const WHATS = [
  'ThirdPartyConfig',
  'ThirdPartyGeneric',
  'FirstPartyGeneric',
  'quit',
  'well',
  'reset',
  'caughtUp',
  'token',
  'closed',
  'tell',
] as const

interface Step {
  readonly what: (typeof WHATS)[number]
  /** Passed until then. */
  readonly days: number
  /** Put in before it. */
  readonly newToken?: 'later' | 'sooner' | 'endless' | undefined
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(...WHATS),
  days: fc.double({ min: 0, max: 6, noNaN: true }),
  newToken: fc.constantFrom(undefined, undefined, undefined, 'later', 'sooner', 'endless'),
})

interface Token {
  readonly expiresMs: number
}

interface Life {
  health: TaskHealth | undefined
  nowMs: number
  token: Token
  /** The events that should be open, computed independently: the kind of event, and the token of a warning. */
  error: string | undefined
  reset: boolean
  warned: Token | undefined
  readonly told: HealthEvent[]
}

const LIFETIMES = { later: 30 * DAY_MS, sooner: 5 * DAY_MS, endless: Number.POSITIVE_INFINITY }

const begin = (): Life => ({
  health: undefined,
  nowMs: Date.parse('2026-03-01T00:00:00Z'),
  token: { expiresMs: Date.parse('2026-03-21T00:00:00Z') },
  error: undefined,
  reset: false,
  warned: undefined,
  told: [],
})

function reckoned(life: Life, { what }: Step): void {
  const { token, nowMs } = life
  const isNear = token.expiresMs - nowMs <= 14 * DAY_MS && token.expiresMs > nowMs
  if (what === 'token') life.warned = isNear || life.warned?.expiresMs === token.expiresMs ? token : undefined
  else if (what === 'reset' || what === 'caughtUp') life.reset = what === 'reset'
  else if (what === 'closed') Object.assign(life, { error: undefined, reset: false, warned: undefined })
  else if (what === 'well') life.error = undefined
  else if (what !== 'tell') life.error = what === 'quit' ? 'ThirdPartyGeneric' : what
}

const RESET = { answer: '400: Bad Request', from: '2026-02-28T00:00:00Z' }

function after({ health, token, nowMs }: Life, { what }: Step): TaskHealth | undefined {
  const at = new Date(nowMs).toISOString()
  const expires = Number.isFinite(token.expiresMs) ? new Date(token.expiresMs).toISOString() : undefined
  if (what === 'token') return expiryHealth(health, SUBJECT, expires, at)
  if (what === 'reset') return resetHealth(health, SUBJECT, RESET, at)
  if (what === 'caughtUp') return caughtUpHealth(health, SUBJECT, at)
  if (what === 'closed') return closedHealth(health, SUBJECT, { reason: 'removed', at })
  if (what === 'well') return healedHealth(health, SUBJECT, { reason: 'collecting', at })
  if (what === 'tell') return health
  if (what === 'quit') return troubledHealth(health, SUBJECT, aFault({ type: 'ThirdPartyGeneric', at }), true)
  return troubledHealth(health, SUBJECT, aFault({ type: what, at }))
}

function tell(life: Life): void {
  if (!life.health) return
  const { untold = [], ...quiet } = life.health
  life.told.push(...untold.map(({ event }) => event))
  life.health = quiet
}

function take(life: Life, next: Step): void {
  life.nowMs += Math.round(next.days * DAY_MS)
  if (next.newToken) life.token = { expiresMs: life.nowMs + LIFETIMES[next.newToken] }
  reckoned(life, next)
  life.health = after(life, next) ?? life.health
  if (next.what === 'tell') tell(life)
}

const shouldBeOpen = ({ error, reset, warned }: Life): string[] => [
  ...(error === undefined ? [] : [`${error}Error`]),
  ...(reset ? ['CursorResetWarning'] : []),
  ...(warned ? ['TokenExpiryWarning'] : []),
]

const openIn = ({ health }: Life): string[] => [
  ...(health?.open ? [`${health.open.type}Error`] : []),
  ...Object.keys(health?.warnings ?? {})
    .sort()
    .map(kind => `${kind}Warning`),
]

describe('the health events of a task', () => {
  it('alternate for each tracker, agree with what is open and stay bounded, whatever happens and whenever they are published', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 80 }), steps => {
        const life = begin()
        for (const next of steps) {
          take(life, next)
          expect(life.health?.untold?.length ?? 0).toBeLessThanOrEqual(16)
          expect(openIn(life)).toEqual(shouldBeOpen(life))
        }
        tell(life)
        const open = shouldBeOpen(life).map(name => `${SUBJECT.sourceId} ${name}/sign-in`)
        expect(openAfter(life.told).sort()).toEqual(open.sort())
        expect(new Set(life.told.map(({ eventId }) => eventId)).size).toBe(life.told.length)
      }),
      { numRuns: examples(300) },
    )
  })
})
